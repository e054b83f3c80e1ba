let current = null;
const opened = new Set();

function profileView(id) {
  const unit = BY_ID.get(id) || BY_NAME[0];
  if (current !== unit.id) { opened.clear(); current = unit.id; }
  const at = D.units.indexOf(unit);
  const move = (step, label, sign) => {
    const other = D.units[at + step];
    return other ? h("a", { class: "step", href: link(other), "aria-label": label + ": " + other.n, title: other.n }, sign) : h("span", { class: "step off", "aria-hidden": "true" }, sign);
  };
  const pick = h("select", { id: "pick", on: { change: (e) => { location.hash = link(BY_ID.get(e.target.value)); } } },
    BY_NAME.map((u) => h("option", { value: u.id, selected: u === unit }, u.n)));
  const parts = PARTS.filter((i) => known(unit, i));
  const gaps = ["m", "p", "n"].map((letter) => [letter, LEAVES.filter((i) => counts(i) && unit.o[i] === letter && top(unit, i) !== null && !hidden(unit, i)).length]).filter((gap) => gap[1]);
  return [
    D.units.length > 1 && h("div", { class: "tools" }, h("div", null, h("label", { for: "pick" }, w("choose")), h("div", { class: "steps" }, move(-1, w("previousUnit"), "‹"), pick, move(1, w("nextUnit"), "›")))),
    h("header", { class: "hero" },
      h("div", null, h("h1", { tabindex: "-1" }, unit.n, waits(unit)), h("p", { class: "lead" }, L(D.title))),
      h("dl", { class: "figures" },
        figure(w("index"), unit.index === null ? "—" : num(unit.index), [unit.pts ? w("pointsOf", num(unit.pts), num(unit.att)) : outcome(unit.o[TOTAL]), unit.sofar ? " (" + w("waitsForMore") + ")" : ""]),
        figure(w("rank"), unit.rank === null ? "—" : String(unit.rank), unit.rank === null ? (unit.why ? L(unit.why) : "") : w("of") + " " + D.field[0]),
        D.groups.length ? h("div", null, h("dt", null, w("group")), h("dd", null, badge(unit.group))) : null,
        gaps.map((gap) => figure(upper(outcome(gap[0])), String(gap[1]), w("items"))))),
    unit.rank !== null && D.field[0] < D.field[1] ? h("p", { class: "caution" }, w("only", D.field[0], D.field[1])) : null,
    waitCaution(),
    problemCaution(),
    h("div", { class: "grid" },
      section("h-lost", w("lost"), parts.length ? [h("p", { class: "note" }, w("lostNote")), lostChart(unit, parts)] : h("p", { class: "note" }, w("noParts"))),
      D.units.length > 1 ? section("h-peers", w("peers"), known(unit, TOTAL) ? [h("p", { class: "note" }, w("peersNote")), peersChart(unit, parts)] : h("p", { class: "note" }, w("peersNone"))) : null,
      losses(unit),
      D.previous.length ? yearsCard(unit, parts) : null,
      D.previous.length > 1 ? trendCard(unit, parts) : null,
      BEFORE.length ? stagesCard(unit, parts) : null),
    treeCard(unit, true),
  ];
}
// a leaf inside a figure that was stated as a whole has no number of its own and lacks nothing
const hidden = (unit, i) => { for (let j = N[i].p; j !== undefined; j = N[j].p) if (unit.s && unit.s.includes(j)) return true; return Boolean(unit.s && N[i].st !== undefined && unit.s.includes(STREAMS[N[i].st])); };

function losses(unit) {
  const list = LEAVES.filter((i) => counts(i) && known(unit, i) && top(unit, i) > unit.p[i]).map((i) => [i, top(unit, i) - unit.p[i]]).sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 10);
  if (!list.length) return null;
  return section("h-losses", w("lostMost"), h("ol", { class: "losses" }, list.map(([i, lost]) => h("li", null,
    h("button", { type: "button", class: "link", on: { click: () => reveal(unit, i) } }, name(i), " ", warn(N[i])),
    h("span", { class: "num" }, "−" + printed(lost))))));
}
function reveal(unit, i) {
  for (let j = i; j !== undefined; j = N[j].p) opened.add(j);
  const card = document.getElementById("tree");
  card.replaceWith(treeCard(unit));
  const button = document.getElementById("n" + i);
  button.scrollIntoView({ block: "center" });
  button.focus({ preventScroll: true });
}

function small(heads, rows, caption, numbers = 3) {
  return h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption }, h("table", { class: heads.length > 3 ? "small many" : "small" }, h("caption", { class: "sr" }, caption),
    h("thead", null, h("tr", null, heads.map((head, j) => h("th", { scope: "col", class: j && j <= numbers ? "n" : "" }, head)))),
    h("tbody", null, rows.map((row) => h("tr", null, row.map((cell, j) => h(j ? "td" : "th", { scope: j ? null : "row", class: j && j <= numbers ? "n" : "" }, cell)))))));
}
const stagesTitle = () => { const names = ORDER.map(stage); return upper(w("stages", names.slice(0, -1).join(", "), names[names.length - 1])); };
function stagesCard(unit, parts) {
  const title = stagesTitle(), here = ORDER.filter((j) => seen(unit, j));
  const wait = unit.wait ? h("p", { class: "caution" }, w("waiting", stage(0))) : null;
  if (here.length < 2) return section("h-stages", title, wait || h("p", { class: "note" }, w("stagesNone", BEFORE.map(stage).join(", "))));
  const points = (j, i) => { const x = seen(unit, j).p[i]; return x === null ? "—" : printed(x) + (apart(unit, i) ? " / " + exact(top(seen(unit, j), i)) : ""); };
  const moved = (i) => Math.abs(gained(unit, i) || 0);
  const list = LEAVES.filter((i) => new Set(reached(unit, i).map((j) => seen(unit, j).p[i])).size > 1).sort((a, b) => moved(b) - moved(a) || a - b);
  const table = (rows, caption) => small([w("item"), ...here.map((j) => upper(stage(j))), w("change")], rows.map((i) => [name(i), ...here.map((j) => points(j, i)), gainedText(unit, i)]), caption, 9);
  const note = [w("stagesRing", stage(1)), here.length > 2 ? w("stagesBetween", here.filter((j) => j > 1).map(stage).join(", ")) : null, seen(unit, 0) ? w("stagesDot", stage(0)) : null, w("stagesShare"), [TOTAL, ...parts].some((i) => apart(unit, i)) ? w("apartNote") : null].filter(Boolean).join(" ");
  return wide(section("h-stages", title, wait, h("p", { class: "note" }, note), stagesChart(unit, parts), table([TOTAL, ...parts], title), h("h3", null, w("differ")),
    list.length ? table(list.slice(0, 8), w("differ")) : h("p", { class: "note" }, w("same")),
    list.length > 8 ? h("details", null, h("summary", null, w("differMore", list.length - 8)), table(list.slice(8), w("differMore", list.length - 8))) : null));
}
const wide = (card) => { card.classList.add("full"); return card; };
function yearsCard(unit, parts) {
  if (!unit.y) return section("h-years", w("years"), h("p", { class: "note" }, w("yearsNone")));
  const rows = [TOTAL, ...parts].filter((i) => unit.y[i]);
  const reasons = [...new Set(Object.values(unit.y).flatMap((change) => change.slice(2)))];
  return section("h-years", w("years"), h("p", { class: "note" }, w("yearsNote") + " (" + D.previous[LAST].id + ")"), yearsChart(unit, parts),
    small([w("item"), w("before"), w("now"), w("change")], rows.map((i) => { const [old, , ...why] = unit.y[i]; return [
      [name(i), why.length ? h("small", { class: "warn" }, " ≠ " + w("notComparable").toLowerCase() + ": " + why.map((j) => L(D.reasons[j])).join("; ")) : null],
      old === null ? "—" : num(old), unit.p[i] === null ? "—" : printed(unit.p[i]), yearText(unit, i)]; }), w("years")),
    reasons.length ? h("details", null, h("summary", null, w("notComparable") + " (" + reasons.length + ")"), h("ul", null, reasons.map((j) => h("li", null, L(D.reasons[j]))))) : null);
}

const MUCH = 20; // unfolded branches that take longer to draw than a press may
function treeCard(unit, later = false) {
  const wait = later && opened.size > MUCH;
  const list = h("ul", { class: "tree" }, FIELDS.map((i) => branch(unit, i, 0, wait)));
  // field after field, so that a press is answered at once however much there is to draw
  function drawFrom(k) {
    if (k === FIELDS.length || !list.isConnected) { list.removeAttribute("aria-busy"); return; }
    list.setAttribute("aria-busy", "true");
    list.children[k].replaceWith(branch(unit, FIELDS[k], 0));
    setTimeout(() => drawFrom(k + 1));
  }
  if (wait) { list.setAttribute("aria-busy", "true"); setTimeout(() => drawFrom(0)); }
  const everything = (i) => { opened.add(i); KIDS[i].forEach(everything); };
  const close = () => { opened.clear(); list.replaceChildren(...FIELDS.map((i) => branch(unit, i, 0))); };
  const card = section("h-tree", w("tree"), h("p", { class: "note" }, w("treeNote")),
    h("div", { class: "buttons" },
      h("button", { type: "button", class: "quiet", id: "open-all", on: { click: () => { FIELDS.forEach(everything); drawFrom(0); } } }, w("openAll")),
      h("button", { type: "button", class: "quiet", id: "close-all", on: { click: close } }, w("closeAll"))),
    list);
  card.id = "tree";
  return card;
}
function branch(unit, i, depth, shut = false) {
  const node = N[i], item = h("li", { class: "d" + Math.min(depth, 3) });
  const known_ = unit.p[i] !== null;
  const wide = known_ && top(unit, i) ? at(unit.p[i], top(unit, i)) : 0;
  const button = h("button", { type: "button", id: "n" + i, class: "row", "aria-expanded": "false", "aria-controls": "b" + i, on: { click: () => toggle(!opened.has(i)) } },
    h("span", { class: "chevron", "aria-hidden": "true" }), h("span", { class: "code" }, node.c), h("span", { class: "title" }, L(node.t), " ", warn(node), node.role ? h("em", null, " " + w(node.role)) : null),
    s("svg", { class: "meter", width: "100%", height: 8, "aria-hidden": "true", focusable: "false" }, s("rect", { width: "100%", height: 8, class: "track" }), s("rect", { width: wide + "%", height: 8, class: unit.o[i] === "s" ? "got" : "lack" })),
    h("span", { class: "pts" }, known_ ? [h("b", null, exact(unit.p[i])), " / " + exact(top(unit, i))] : h("i", null, hidden(unit, i) || unit.o[i] === "s" ? w("apart") : outcome(unit.o[i])), known_ && unit.o[i] !== "s" ? h("i", null, " " + outcome(unit.o[i])) : null));
  const body = h("div", { id: "b" + i, class: "inside" });
  function toggle(open) {
    if (open) { opened.add(i); body.replaceChildren(); fill(body, inside(unit, i, depth)); } else { opened.delete(i); body.replaceChildren(); }
    body.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  }
  body.hidden = true;
  fill(item, [button, body]);
  if (opened.has(i) && !shut) toggle(true);
  return item;
}

function inside(unit, i, depth) {
  const node = N[i];
  if (node.k !== "leaf") {
    const stated = unit.s && unit.s.includes(i);
    return [h("p", { class: "how" }, w(stated ? "stated" : node.mean ? "mean" : "sum"), node.cap === undefined ? null : " " + (node.cap === null ? w("capAttainable") : w("cap", num(node.cap))), gates(node)),
      papers(unit, i) || explained(unit, i) ? h("dl", { class: "why" }, explained(unit, i), papers(unit, i) ? term(w("documents"), papers(unit, i)) : null) : null,
      h("ul", { class: "tree" }, KIDS[i].map((child) => branch(unit, child, depth + 1))), ground(node)];
  }
  return [facts(unit, node), h("dl", { class: "why" },
    term(w("rule"), L(node.w)),
    node.rt && L(node.rt) !== L(node.w) ? term(w("wording"), h("q", null, L(node.rt))) : null,
    unit.x[i] ? term(w("arithmetic"), h("code", null, sentence(unit.x[i]))) : null,
    unit.w && unit.w[i] ? term(w("why"), unit.w[i]) : null,
    explained(unit, i),
    gates(node) ? term(w("gate").split(":")[0], gates(node)) : null,
    papers(unit, i) ? term(w("documents"), papers(unit, i)) : null,
    BEFORE.filter((j) => seen(unit, j) && seen(unit, j).p[i] !== null).map((j) => term(upper(stage(j)), exact(seen(unit, j).p[i]) + " / " + exact(top(seen(unit, j), i)))),
    unit.y && unit.y[i] && unit.y[i][0] !== null ? term(w("before"), num(unit.y[i][0]), unit.y[i].slice(2).map((j) => h("div", { class: "warn" }, "≠ " + L(D.reasons[j])))) : null,
    term(w("stream"), L(N[STREAMS[node.st]].t)),
    term(w("basis"), basis(node)),
    node.r ? term(w("rulings"), node.r.map((r) => h("div", null, h("b", null, r), " " + L(D.rulings[r])))) : null)];
}
const term = (label, ...body) => [h("dt", null, label), h("dd", null, body)];
const explained = (unit, i) => (unit.z && unit.z[i] ? term(w("explained"), unit.z[i]) : null);
const papers = (unit, i) => (unit.d && unit.d[i] ? h("ul", null, unit.d[i].map((paper) => h("li", null, paperWords(paper)))) : null);
const paperWords = (paper) => [paper.number, paper.date ? (lang === "vi" ? "ngày " : "") + dayWords(paper.date) : "", paper.title, paper.page ? w("page") + " " + paper.page : "", paper.link].filter(Boolean).join(", ");
const dayWords = (text) => (lang === "vi" && /^\d{4}-\d\d-\d\d$/.test(text) ? text.split("-").reverse().join("/") : text);
const gates = (node) => (node.gate ? node.gate.map(([code, below, cap]) => h("span", null, " " + w("gate", code, L(below), L(cap)))) : null);
function basis(node) {
  const names = node.src.map((j) => L(D.sources[j].t)).join("; ");
  const said = w(["official", "derived", "reconstructedBasis"][node.b]);
  return [node.b === 2 ? h("b", { class: "warn" }, "⚠ " + said) : said, names ? (node.b === 2 ? " (" + w("basisFrame") + ": " + names + ")" : " — " + names) : null];
}
const ground = (node) => h("p", { class: "ground" }, w("basis") + ": ", basis(node));
const sentence = ([place, ...numbers]) => { const parts = L(D.sentences[place]); return parts.map((part, j) => part + (j < numbers.length ? num(numbers[j]) : "")).join(""); };

function facts(unit, node) {
  if (!node.f.length) return null;
  const ballots = node.f.filter((j) => Array.isArray(unit.f[j]));
  const plain = node.f.filter((j) => !ballots.includes(j));
  return [plain.length ? h("table", { class: "facts" }, h("thead", null, h("tr", null, h("th", { scope: "col" }, w("fact")), h("th", { scope: "col", class: "n" }, w("value")))),
    h("tbody", null, plain.map((j) => h("tr", null, h("th", { scope: "row" }, L(D.facts[j].t)), h("td", { class: "n" }, value(D.facts[j], unit.f[j])))))) : null,
    ballots.map((j) => h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": L(D.facts[j].t) }, h("table", { class: "facts" }, h("caption", null, L(D.facts[j].t)), h("thead", null, h("tr", null, h("td", null), D.facts[j].o.map((o) => h("th", { scope: "col", class: "n" }, L(o))))),
      h("tbody", null, unit.f[j].map((row, g) => h("tr", null, h("th", { scope: "row" }, L(D.facts[j].g[g])), row.map((n) => h("td", { class: "n" }, String(n)))))))))];
}
// as explanations group it: from five digits, so that a year stays one
const grouped = (text) => (lang === "vi" ? text.replace(/^-?\d{5,}/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ".")) : text);
function value(fact, x) {
  if (x === undefined || x === null) return h("i", null, w("absent"));
  if (typeof x === "boolean") return w(x ? "yes" : "no");
  if (fact.o) return L(fact.o[x]);
  return grouped(num(x)) + (fact.u ? " " + L(fact.u) : "");
}
