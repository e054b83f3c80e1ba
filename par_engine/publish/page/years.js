const LAST = D.previous.length - 1;
const PERIODS = (() => { // short names of the periods, the present one last
  const ids = [...D.previous.map((p) => p.id), D.id], stages = [...D.previous.map((p) => p.stage), D.evidence[0].stage];
  const tails = new Set(ids.map((id) => (id.includes("-") ? id.slice(id.indexOf("-")) : "")));
  const short = ids.map((id) => (tails.size === 1 && id.includes("-") ? id.slice(0, id.indexOf("-")) : id));
  return short.map((text, k) => () => (short.filter((other) => other === text).length > 1 ? text + " " + stageName(stages[k]) : text));
})();
const whole_ = (text) => Number(text.replace(".", "")); // shares all carry the same decimals
const points_ = (text) => (text.includes(".") ? text.length - text.indexOf(".") - 1 : 0);
const step = (a, b) => { const change = whole_(b) - whole_(a); return (change > 0 ? "+" : "") + num(scaled(change, points_(b))); };
const history = (unit, i) => (unit.h && unit.h[i]) || null;
const broken = (found, k) => found[1][k].length > 0;

// A line runs only between two figures that compare; where they do not, it is cut and marked.
function trend(found, [low, high], labels) {
  const [shares] = found, last = shares.length - 1, tall = labels ? 58 : 30, room = labels ? 18 : 6;
  const x = (k) => 8 + (84 * k) / last;
  const y = (text) => room + (tall - room - 6) * (1 - (Number(text) - low) / Math.max(1, high - low));
  const marks = [];
  shares.forEach((share, k) => {
    const next = shares[k + 1];
    if (k < last && broken(found, k) && (share !== null || next !== null)) {
      const middle = (x(k) + x(k + 1)) / 2;
      marks.push(s("text", { x: middle + "%", y: tall / 2 + 5, "text-anchor": "middle", class: "cut" }, "≠"));
    } else if (k < last && share !== null && next !== null) {
      marks.push(s("line", { x1: x(k) + "%", y1: y(share), x2: x(k + 1) + "%", y2: y(next), class: "joined" }));
    }
  });
  shares.forEach((share, k) => {
    if (share === null) return;
    marks.push(s("circle", { cx: x(k) + "%", cy: y(share), r: labels ? 4.5 : 3.5, class: k === last ? "dot" : "old" }));
    if (labels) marks.push(s("text", { x: x(k) + "%", y: y(share) - 8, "text-anchor": "middle", class: "label" }, num(share)));
  });
  return s("svg", { width: "100%", height: tall, "aria-hidden": "true", focusable: "false", class: "trend" }, marks);
}
function range(list) { // one for all lines of a picture, so that they can be held against one another
  const all = list.flatMap((found) => found[0].filter((x) => x !== null).map(Number));
  return [Math.max(0, Math.floor(Math.min(...all) / 10) * 10), Math.min(100, Math.ceil(Math.max(...all) / 10) * 10)];
}

function trendCard(unit, parts) {
  const rows = [TOTAL, ...parts].filter((i) => history(unit, i));
  if (!rows.length) return null;
  const bounds = range(rows.map((i) => history(unit, i))), last = PERIODS.length - 1;
  const heads = s("svg", { width: "100%", height: 18, "aria-hidden": "true", focusable: "false" },
    PERIODS.map((period, k) => s("text", { x: 8 + (84 * k) / last + "%", y: 13, "text-anchor": "middle", class: "label" }, period())));
  const words = (found) => found[0].map((x, k) => PERIODS[k]() + ": " + (x === null ? "—" : num(x)) + (k < last && broken(found, k) ? " (" + w("notComparable").toLowerCase() + ")" : "")).join("; ");
  return wide(section("h-trend", w("trend"), h("p", { class: "note" }, w("trendNote")),
    h("div", { class: "chart trends" }, h("div", { class: "bar" }, h("span", { class: "what" }), heads, h("span", { class: "num" })),
      rows.map((i) => h("div", { class: "bar" }, h("span", { class: "what" }, i === TOTAL ? h("b", null, w("overall")) : name(i), h("span", { class: "sr" }, " " + words(history(unit, i)))),
        trend(history(unit, i), bounds, true), h("span", { class: "num" }))))));
}

const comparing = { node: TOTAL, key: "now", down: true, query: "" };
function yearsView() {
  const last = PERIODS.length - 1, choices = [TOTAL, ...anyKnown(FIELDS), ...anyKnown(STREAMS)].filter((i) => D.units.some((u) => history(u, i)));
  const head = [h("h1", { tabindex: "-1" }, w("yearsTitle")), h("p", { class: "lead" }, PERIODS.map((period, k) => h("span", { class: "period" }, h("b", null, period()), " " + L(k > LAST ? D.title : D.previous[k].t) + " (" + stageName(k > LAST ? D.evidence[0].stage : D.previous[k].stage) + ")")))];
  if (!choices.length) return [head, h("p", { class: "caution" }, w("yearsNothing"))];
  if (!choices.includes(comparing.node)) comparing.node = choices[0];
  const box = h("div");
  const find = h("input", { type: "search", id: "find-year", value: comparing.query, autocomplete: "off", spellcheck: "false", on: { input: (e) => { comparing.query = e.target.value; draw_(); } } });
  const pick = h("select", { id: "node", on: { change: (e) => { comparing.node = Number(e.target.value); draw_(); } } }, choices.map((i) => h("option", { value: i, selected: i === comparing.node }, i === TOTAL ? w("overall") : name(i))));
  const status = h("p", { class: "status", role: "status" });
  function draw_() {
    const i = comparing.node, units = D.units.filter((u) => history(u, i)), bounds = range(units.map((u) => history(u, i)));
    const cols = [{ key: "name", label: w("unit"), cls: "name", value: (u) => u.by, cell: (u) => [h("a", { href: link(u) }, u.n), waits(u)] }];
    PERIODS.forEach((period, k) => {
      cols.push({ key: k === last ? "now" : "p" + k, label: period(), cls: "n" + (k === last ? " strong" : ""), down: true, value: (u) => { const x = history(u, i)[0][k]; return x === null ? null : whole_(x); }, cell: (u) => { const x = history(u, i)[0][k]; return x === null ? "—" : num(x); } });
      if (k < last) cols.push({ key: "c" + k, label: "→", title: w("from").toLowerCase() + " " + period() + " → " + PERIODS[k + 1](), cls: "n gap", down: true,
        value: (u) => { const found = history(u, i), [a, b] = [found[0][k], found[0][k + 1]]; return a === null || b === null || broken(found, k) ? null : whole_(b) - whole_(a); },
        cell: (u) => { const found = history(u, i), [a, b] = [found[0][k], found[0][k + 1]];
          if (broken(found, k)) return h("span", { class: "warn", title: found[1][k].map((j) => L(D.reasons[j])).join("; ") }, "≠", h("span", { class: "sr" }, w("notComparable")));
          return a === null || b === null ? "—" : step(a, b); } });
    });
    cols.push({ key: "line", label: w("trendShort"), cls: "wide sketch", cell: (u) => trend(history(u, i), bounds, false) });
    const wanted = bare(comparing.query), col = cols.find((c) => c.key === comparing.key) || cols[0], sign = comparing.down ? -1 : 1;
    const list = units.filter((u) => !wanted || bare(u.n).includes(wanted) || bare(u.id).includes(wanted)).sort((a, b) => {
      const x = col.value(a), y = col.value(b);
      return x === null || y === null ? (x === null) - (y === null) || a.by - b.by : sign * (x - y) || a.by - b.by;
    });
    const press = (c) => { if (comparing.key === c.key) comparing.down = !comparing.down; else { comparing.key = c.key; comparing.down = Boolean(c.down); } draw_(); document.getElementById("y-" + c.key).focus(); };
    const heads = cols.map((c) => h("th", { scope: "col", class: c.cls, title: c.title, "aria-sort": c === col ? (comparing.down ? "descending" : "ascending") : null },
      c.value ? h("button", { type: "button", id: "y-" + c.key, "aria-label": c.title, on: { click: () => press(c) } }, c.label, h("span", { class: "arrow", "aria-hidden": "true" })) : c.label, c.value ? onPaper(c.label) : null));
    status.textContent = w("shown", list.length, units.length);
    box.replaceChildren(h("div", { class: "scroll", tabindex: "0", role: "group", "aria-labelledby": "h-compare" }, h("table", { class: "league years" }, h("caption", { class: "sr" }, w("yearsTableNote")),
      h("thead", null, h("tr", null, heads)), h("tbody", null, list.map((u) => h("tr", null, cols.map((c) => h(c.key === "name" ? "th" : "td", { class: c.cls, scope: c.key === "name" ? "row" : null }, c.cell(u)))))))));
  }
  draw_();
  return [head,
    section("h-compare", w("compareUnits"), h("div", { class: "tools" }, h("div", null, h("label", { for: "find-year" }, w("find")), find), h("div", null, h("label", { for: "node" }, w("figure")), pick)),
      status, box, h("p", { class: "note" }, w("yearsTableNote"))),
    section("h-where", w("where"), PERIODS.slice(0, -1).map((period, k) => edge(k, choices)))];
}

// Between two periods: each reason once, with the figures and the units that it concerns.
function edge(k, choices) {
  const found = new Map();
  for (const unit of D.units) for (const i of choices) {
    const mine = history(unit, i);
    for (const j of mine ? mine[1][k] : []) {
      if (!found.has(j)) found.set(j, { figures: new Set(), units: new Set() });
      found.get(j).figures.add(i);
      found.get(j).units.add(unit);
    }
  }
  const rows = [...found].sort((a, b) => b[1].units.size - a[1].units.size || a[0] - b[0]);
  const only = D.previous[k].only;
  const who = (units) => (units.size > 6 ? w("unitsCount", units.size) : [...units].map((u) => u.n).join(", "));
  const what = (figures) => {
    if (figures.size === choices.length) return w("allFigures");
    const list = [...figures].sort((a, b) => a - b), fields = list.filter((i) => i !== TOTAL && N[i].k !== "stream").map((i) => N[i].c);
    return [list.includes(TOTAL) ? w("overall") : null, fields.length ? L(D.levels[0]).toLowerCase() + " " + fields.join(", ") : null, ...list.filter((i) => N[i].k === "stream").map((i) => L(N[i].t))].filter(Boolean).join("; ");
  };
  return h("div", null, h("h3", null, PERIODS[k]() + " → " + PERIODS[k + 1]()),
    rows.length ? small([w("reason"), w("figures"), w("units")], rows.map(([j, one]) => [L(D.reasons[j]), what(one.figures), who(one.units)]), w("where"), 0) : h("p", { class: "note" }, w("allCompare")),
    only.length ? h("p", { class: "note" }, w("onlyThere", PERIODS[k]()) + " " + only.join(", ")) : null);
}
