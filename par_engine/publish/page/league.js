const sorting = { key: "rank", down: false };
let query = "", chosen = "";

function columns() {
  const list = [
    { key: "rank", label: w("rank"), cls: "n", value: (u) => u.rank, cell: (u) => (u.rank === null ? "—" : String(u.rank)) },
    { key: "name", label: w("unit"), cls: "name", head: true, value: (u) => u.by, cell: (u) => [h("a", { href: link(u) }, u.n), waits(u), u.why ? h("small", { title: L(u.why) }, " (" + w("notRanked") + ")") : null] },
    { key: "index", label: w("index"), cls: "n strong", down: true, value: (u) => (u.index === null ? null : Number(u.index)), cell: (u) => (u.index === null ? "—" : [num(u.index), soFar(u)]) },
  ];
  if (D.groups.length) list.push({ key: "group", label: w("group"), cls: "c", value: (u) => { const at = D.groups.findIndex((g) => g[0] === u.group); return at < 0 ? null : at; }, cell: (u) => badge(u.group) });
  const twice = D.units.every((u) => u.index === null || u.index === u.pts); // out of 100, points say what the index says
  if (!twice) list.push({ key: "points", label: w("points"), cls: "n wide", down: true, value: (u) => u.p[TOTAL], cell: (u) => (u.pts ? num(u.pts) : "—") });
  if (D.units.some((u) => u.att && top(u, TOTAL) !== N[TOTAL].m)) list.push({ key: "attainable", label: w("attainable"), cls: "n wide", down: true, value: (u) => (u.att ? top(u, TOTAL) : null), cell: (u) => (u.att ? num(u.att) : "—") });
  for (const i of PARTS) {
    const stream = N[i].k === "stream";
    list.push({ key: "node" + i, label: stream ? L(N[i].t) : N[i].c, title: name(i), cls: "n wide heat", down: true, warn: N[i].b === 2,
      value: (u) => (known(u, i) ? u.p[i] / top(u, i) : null), cell: (u) => (u.p[i] === null ? "—" : printed(u.p[i])),
      heat: (u) => (known(u, i) ? "h" + Math.min(5, Math.max(0, Math.floor(at(u.p[i], top(u, i)) / 10) - 4)) : "") });
  }
  if (BEFORE.length) list.push({ key: "stage", label: upper(stage(1)) + " →", title: stagesTitle(), cls: "n wide", down: true,
    value: (u) => gained(u, TOTAL), cell: (u) => gainedText(u, TOTAL) });
  if (D.previous.length) list.push({ key: "year", label: w("change"), title: w("years"), cls: "n wide", down: true,
    value: (u) => (u.y && u.y[TOTAL] && u.y[TOTAL][1] !== null ? Number(u.y[TOTAL][1]) : null),
    cell: (u) => (u.y && u.y[TOTAL] ? yearText(u, TOTAL) : "—") });
  return list;
}

function leagueView() {
  // what is said of all counts the units that have a place; equals are all named or none
  const cols = columns(), placed = D.units.filter((u) => u.rank !== null);
  const last = placed.length ? placed[placed.length - 1].rank : 0, even = placed.length > 0 && placed[0].rank === last;
  const at = (rank) => placed.filter((u) => u.rank === rank), byIndex = [...placed].sort((a, b) => Number(b.index) - Number(a.index));
  const status = h("p", { class: "status", role: "status" });
  const body = h("tbody");
  const find = h("input", { type: "search", id: "find", value: query, autocomplete: "off", spellcheck: "false", "aria-describedby": "find-hint", on: { input: (e) => { query = e.target.value; rows(); } } });
  const pick = D.groups.length ? h("select", { id: "group", on: { change: (e) => { chosen = e.target.value; rows(); } } },
    h("option", { value: "" }, w("all")), D.groups.map((g) => h("option", { value: g[0], selected: g[0] === chosen }, L(g[1])))) : null;
  const heads = cols.map((col) => h("th", { scope: "col", class: col.cls, title: col.title },
    h("button", { type: "button", "aria-label": col.title, on: { click: () => { if (sorting.key === col.key) sorting.down = !sorting.down; else { sorting.key = col.key; sorting.down = Boolean(col.down); } rows(); } } },
      col.label, col.warn ? h("span", { class: "warn", "aria-hidden": "true" }, " ⚠") : null, h("span", { class: "arrow", "aria-hidden": "true" })), onPaper(col.label, col.warn ? " ⚠" : "")));
  const made = new Map(); // a row is made once and then only moved
  const row = (u) => {
    if (!made.has(u)) made.set(u, h("tr", null, cols.map((c) => h(c.head ? "th" : "td", { class: c.cls + (c.heat ? " " + c.heat(u) : ""), scope: c.head ? "row" : null }, c.cell(u)))));
    return made.get(u);
  };
  function rows() {
    const col = cols.find((c) => c.key === sorting.key) || cols[0], sign = sorting.down ? -1 : 1;
    const wanted = bare(query);
    const list = D.units.filter((u) => (!wanted || bare(u.n).includes(wanted) || bare(u.id).includes(wanted)) && (!chosen || u.group === chosen));
    const place = new Map(D.units.map((u, i) => [u, i])); // who has no place stands as on paper: by index, then by name
    list.sort((a, b) => {
      const x = col.value(a), y = col.value(b);
      if (x === null || y === null) return (x === null) - (y === null) || (col.key === "rank" ? place.get(a) - place.get(b) : a.by - b.by);
      return sign * (x - y) || a.by - b.by;
    });
    cols.forEach((c, i) => { if (c === col) heads[i].setAttribute("aria-sort", sorting.down ? "descending" : "ascending"); else heads[i].removeAttribute("aria-sort"); });
    body.replaceChildren(...list.map(row));
    if (!list.length) body.append(h("tr", null, h("td", { colspan: cols.length, class: "empty" }, w("none"))));
    status.textContent = w("shown", list.length, D.units.length) + " · " + w("sortedBy", (col.title || col.label).toLowerCase(), w(sorting.down ? "descending" : "ascending"));
  }
  rows();
  const cards = h("dl", { class: "figures" },
    figure(w("units"), String(D.units.length), placed.length < D.units.length ? w("withPlace", placed.length, D.units.length - placed.length) : ""),
    placed.length > 1 && even ? figure(w("allEven"), num(placed[0].index), "") : null,
    placed.length > 1 && !even ? [figure(w("best"), num(placed[0].index), several(at(placed[0].rank))), figure(w("median"), num(D.median), ""),
      figure(w("lowest"), num(placed[placed.length - 1].index), several(at(last)))] : null,
    D.groups.length && placed.length > 1 ? h("div", null, h("dt", null, w("groups")), h("dd", { class: "tally" }, D.groups.map((g) => h("span", null, badge(g[0]), " ", h("b", null, String(placed.filter((u) => u.group === g[0]).length)))))) : null);
  return [
    h("h1", { tabindex: "-1" }, L(D.title)),
    h("p", { class: "lead" }, upper(stage(0)) + " · " + D.id + (D.evidence[0].note ? " · " + D.evidence[0].note : "")),
    D.field[0] > 0 && D.field[0] < D.field[1] ? h("p", { class: "caution" }, w("only", D.field[0], D.field[1])) : null,
    waitCaution(),
    problemCaution(),
    cards,
    byIndex.length > 2 ? section("h-spread", w("spread"), h("p", { class: "note" }, w("spreadNote")), spreadChart(byIndex)) : null,
    section("h-league", w("league"),
      h("div", { class: "tools" },
        h("div", null, h("label", { for: "find" }, w("find")), find, h("small", { id: "find-hint" }, w("findHint", bare(BY_NAME[Math.floor(BY_NAME.length / 3)].n)))),
        pick ? h("div", null, h("label", { for: "group" }, w("group")), pick) : null),
      status,
      h("div", { class: "scroll", tabindex: "0", role: "group", "aria-labelledby": "h-league" }, h("table", { class: "league" }, h("caption", { class: "sr" }, w("tableNote")), h("thead", null, h("tr", null, heads)), body)),
      h("p", { class: "note" }, w("tableNote"), WAITING ? " " + w("waitNote", stage(0)) : null, D.units.some((u) => u.sofar) ? " " + w("soFarNote") : null, D.units.some((u) => apart(u, TOTAL)) ? " " + w("apartNote") : null),
      h("ul", { class: "key" }, PARTS.filter((i) => N[i].k !== "stream").map((i) => h("li", null, h("b", null, N[i].c), " " + L(N[i].t) + " (" + exact(N[i].m) + ") ", warn(N[i]))))),
  ];
}
const several = (units) => [units.slice(0, 3).map((u, i) => [i ? ", " : "", u.n, waits(u)]), units.length > 3 ? " " + w("andMore", units.length - 3) : ""];
const figure = (label, value, note) => h("div", null, h("dt", null, label), h("dd", null, h("b", null, value), note ? h("span", null, note) : null));
