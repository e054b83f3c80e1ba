let whole = false;

function commonView() {
  const list = LEAVES.filter(counts).map((i) => {
    const units = D.units.filter((u) => known(u, i));
    const got = units.reduce((sum, u) => sum + u.p[i], 0), of = units.reduce((sum, u) => sum + top(u, i), 0);
    const shares = units.map((u) => at(u.p[i], top(u, i))).sort((a, b) => a - b);
    const best = units.reduce((m, u) => (m === null || u.p[i] * top(m, i) > m.p[i] * top(u, i) ? u : m), null);
    return { i, got, of, shares, best, zeros: units.filter((u) => u.p[i] === 0).length };
  }).filter((row) => row.shares.length > 1).sort((a, b) => a.got * b.of - b.got * a.of || a.i - b.i);
  const head = [h("h1", { tabindex: "-1" }, w("commonTitle"))];
  if (!list.length) return [head, h("p", { class: "caution" }, w("commonNone"))];
  const low = list.filter((row) => 10 * row.got < 6 * row.of).length;
  const rows = whole ? list : list.slice(0, 25);
  const cell = (cls, ...body) => h("td", { class: cls }, body);
  return [head, h("p", { class: "lead" }, w("commonBody", list.length, low)),
    section("h-common", w("common"), h("p", { class: "note" }, w("commonNote")),
      h("div", { class: "scroll", tabindex: "0", role: "group", "aria-labelledby": "h-common" }, h("table", { class: "common" }, h("caption", { class: "sr" }, w("commonNote")),
        h("thead", null, h("tr", null, [["", w("item")], ["n wide", w("max")], ["n", w("meanShare")], ["dist wide", w("distribution")], ["n wide", w("bestShare")], ["n wide", w("zeros")], ["n wide", w("ofUnits")]].map(([cls, text]) => h("th", { scope: "col", class: cls }, text)))),
        h("tbody", null, rows.map((row) => h("tr", null, h("th", { scope: "row" }, name(row.i), " ", warn(N[row.i])),
          cell("n wide", exact(N[row.i].m)), cell("n strong", share(row.got, row.of)), cell("dist wide", strip(row.shares, null, at(row.got, row.of), inset)),
          cell("n wide", share(row.best.p[row.i], top(row.best, row.i))), cell("n wide", String(row.zeros)), cell("n wide", String(row.shares.length))))))),
      !whole && list.length > rows.length ? h("p", null, h("button", { type: "button", class: "quiet", on: { click: () => { whole = true; show(); } } }, w("more", list.length))) : null)];
}

function aboutView() {
  const rows = (list) => h("dl", { class: "why" }, list.filter(Boolean).map(([label, ...body]) => [h("dt", null, label), h("dd", null, body)]));
  return [h("h1", { tabindex: "-1" }, w("aboutTitle")), h("p", { class: "lead" }, w("indexIs")),
    D.problems.length ? section("h-problems", w("contradictions"), h("ul", { class: "caution" }, D.problems.map((p) => h("li", null, L(p))))) : null,
    section("h-bases", w("bases"), small([w("basis"), w("points")], ["official", "derived", "reconstructed"].map((b, j) => [w(["official", "derived", "reconstructedBasis"][j]), num(D.basis[b])]), w("bases"))),
    section("h-streams", w("streams"), small([w("stream"), w("max"), w("basis")], STREAMS.map((i) => [L(N[i].t), exact(N[i].m), basis(N[i])]), w("streams"), 1)),
    D.groups.length ? section("h-groups", w("groups"), small([w("group"), w("from")], D.groups.map((g) => [badge(g[0]), num(g[2])]), w("groups"))) : null,
    section("h-identity", w("identity"), rows([
      [w("methodology"), L(D.title) + " (" + D.id + ")"], [w("fingerprint"), h("code", null, D.fingerprint)],
      ...D.evidence.map((e, j) => [w("evidence") + ": " + stage(j), e.label + " ", h("code", null, "SHA-256 " + e.sha256), e.note ? h("p", null, e.note) : null]),
      ...D.previous.map((p) => [w("before"), p.id + " (" + stageName(p.stage) + ") ", h("code", null, p.fingerprint)]),
      [w("engine"), "par-engine " + D.version[0] + (D.version[1] ? ", " + D.version[1] + " " + D.version[2] : "")],
      [w("again"), h("code", null, "par score " + D.evidence[0].label + " -m " + D.id)]])),
    section("h-sources", w("sources"), h("ol", null, D.sources.map((x) => h("li", null, L(x.t), x.u ? [" ", h("code", null, x.u)] : null)))),
    Object.keys(D.rulings).length ? section("h-rulings", w("rulings"), rows(Object.entries(D.rulings).map(([id, text]) => [id, L(text)]))) : null];
}
