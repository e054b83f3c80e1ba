// One row of a chart: words, a drawing as wide as there is room for, a number. Positions are in per cent of the width.
function chart(rows, alt, kind) {
  return h("div", { class: "chart " + kind }, rows.map((row) => h("div", { class: "bar" },
    h("span", { class: "what" }, row.label), row.drawing, h("span", { class: "num" }, row.number))),
    alt ? h("p", { class: "sr" }, alt) : null);
}
const draw = (height, ...shapes) => s("svg", { width: "100%", height, "aria-hidden": "true", focusable: "false" }, shapes);
const rect = (x, width, cls, y = 4, height = 14) => s("rect", { x: x + "%", width: Math.max(0, width) + "%", y, height, class: cls });
const line = (x, cls, y1 = 2, y2 = 20) => s("line", { x1: x + "%", x2: x + "%", y1, y2, class: cls });
const inset = (x) => 1.5 + x * 0.97; // dots at both ends stay inside

function lostChart(unit, parts) {
  const rows = parts.filter((i) => known(unit, i)).map((i) => ({ i, lost: top(unit, i) - unit.p[i] })).sort((a, b) => b.lost - a.lost || a.i - b.i);
  const most = Math.max(...rows.map((row) => top(unit, row.i)));
  return chart(rows.map(({ i, lost }) => {
    const all = at(top(unit, i), most), got = at(unit.p[i], most);
    return { label: [name(i), " ", warn(N[i])], drawing: draw(22, rect(0, got, "got"), rect(got, all - got, "gone")),
      number: lost ? "−" + printed(lost).replace("−", "") : printed(0) };
  }), null, "lost");
}

// Shares crowd at the upper end: the axis begins at the round number below the least one, and says so.
function axisFrom(shares) {
  const low = Math.min(90, Math.floor(Math.min(...shares) / 10) * 10);
  return { low, place: (x) => inset(((x - low) / (100 - low)) * 100) };
}
const axisRow = (axis) => h("div", { class: "bar axis-row", "aria-hidden": "true" }, h("span", { class: "what" }),
  draw(14, s("text", { x: inset(0) + "%", y: 11, class: "label" }, num(axis.low) + " %"), s("text", { x: inset(100) + "%", y: 11, "text-anchor": "end", class: "label" }, "100 %")), h("span", { class: "num" }));

function strip(values, mine, middle, inset) {
  return draw(22, line(0, "axis", 0, 0), s("line", { x1: 0, x2: "100%", y1: 11, y2: 11, class: "axis" }),
    values.map((x) => line(inset(x), "peer", 4, 18)), middle === null ? null : line(inset(middle), "mid", 1, 21),
    mine === null ? null : s("circle", { cx: inset(mine) + "%", cy: 11, r: 6, class: "me" }));
}
function peersChart(unit, parts) {
  const list = [TOTAL, ...parts].filter((i) => known(unit, i));
  const axis = axisFrom(list.flatMap((i) => D.units.filter((other) => known(other, i)).map((other) => at(other.p[i], top(other, i)))));
  const rows = list.map((i) => {
    const others = D.units.filter((other) => known(other, i) && (unit.rank === null || other.rank !== null));
    const values = others.map((other) => at(other.p[i], top(other, i))).sort((a, b) => a - b);
    const ahead = others.filter((other) => other.p[i] * top(unit, i) > unit.p[i] * top(other, i)).length;
    return { label: i === TOTAL ? h("b", null, w("overall")) : name(i), drawing: strip(values, at(unit.p[i], top(unit, i)), median(values), axis.place),
      number: i === TOTAL && unit.rank !== null ? w("placeOf", unit.rank, D.field[0]) : w("placeOf", ahead + 1, others.length) };
  });
  return [axisRow(axis), chart(rows, null, "peers")];
}

function stagesChart(unit, parts) {
  const list = [TOTAL, ...parts].filter((i) => reached(unit, i).length > 1);
  if (!list.length) return null;
  const share = (j, i) => { const f = seen(unit, j); return at(f.p[i], top(f, i)); };
  const axis = axisFrom(list.flatMap((i) => reached(unit, i).map((j) => share(j, i))));
  const rows = list.map((i) => {
    const places = reached(unit, i).map((j) => [j, axis.place(share(j, i))]);
    const marks = places.map(([j, x]) => s("circle", { cx: x + "%", cy: 11, r: j && j !== 1 ? 3.5 : 5.5, class: j === 1 ? "ring" : j ? "between" : "dot" }));
    return { label: i === TOTAL ? h("b", null, w("overall")) : name(i),
      drawing: draw(22, s("line", { x1: 0, x2: "100%", y1: 11, y2: 11, class: "axis" }),
        places.slice(1).map(([j, b], k) => top(seen(unit, j), i) === top(seen(unit, places[k][0]), i) && s("line", { x1: places[k][1] + "%", x2: b + "%", y1: 11, y2: 11, class: b < places[k][1] ? "down" : "up" })),
        marks),
      number: gainedText(unit, i) };
  });
  return [axisRow(axis), chart(rows, null, "stages")];
}

function yearsChart(unit, parts) {
  const rows = [TOTAL, ...parts].filter((i) => unit.y[i] && (unit.y[i][1] !== null || unit.y[i].length > 2));
  const most = Math.max(...rows.map((i) => Math.abs(Number(unit.y[i][1]))), 0.0001); // null is 0
  return chart(rows.map((i) => {
    const change = Number(unit.y[i][1]), width = Math.abs(change) / most * 48;
    return { label: i === TOTAL ? h("b", null, w("overall")) : name(i),
      drawing: draw(22, line(50, "mid", 0, 22), unit.y[i].length > 2 ? null : rect(change < 0 ? 50 - width : 50, width, change < 0 ? "gone" : "got")),
      number: yearText(unit, i) };
  }), null, "years");
}
// Where the two do not compare there is no change, only the mark.
function yearText(unit, i) {
  const [, change, ...why] = unit.y[i];
  if (why.length) return h("span", { class: "warn", title: why.map((j) => L(D.reasons[j])).join("; ") }, "≠", h("span", { class: "sr" }, " " + w("notComparable")));
  return change === null ? "—" : signText(change);
}
const signText = (text) => (text.startsWith("-") ? "−" + num(text.slice(1)) : (Number(text) > 0 ? "+" : "") + num(text));

// All units by index, piled where they would cover one another; pressing a dot opens the unit.
function spreadChart(units) {
  const values = units.map((unit) => Number(unit.index));
  const low = Math.max(0, Math.floor(Math.min(...values) / 5) * 5 - 5), high = Math.min(100, Math.ceil(Math.max(...values) / 5) * 5 + 5);
  const x = (value) => 3 + (value - low) / (high - low) * 94;
  const width = Math.max(240, Math.min(main.clientWidth, 1280) - 60), apart = 1300 / width; // 13 pixels in per cent
  const levels = [];
  const dots = units.map((unit, i) => {
    const place = x(values[i]);
    let pile = 0;
    while (levels[pile] !== undefined && levels[pile] - place < apart) pile += 1; // units come from the right to the left
    levels[pile] = place;
    return { unit, place, pile };
  });
  const tall = levels.length, floor = Math.max(60, 13 * tall + 20);
  const marks = D.groups.map((group) => Number(group[2])).filter((from) => from > low && from < high);
  const ticks = [];
  for (let v = low; v <= high; v += high - low > 50 ? 10 : 5) ticks.push(v);
  const alt = w("spreadAlt", num(units[units.length - 1].index), units[units.length - 1].n, num(units[0].index), units[0].n, num(D.median));
  return s("svg", { class: "spread", width: "100%", height: floor + 26, role: "img", "aria-label": alt },
    marks.map((from) => line(x(from), "threshold", 0, floor)),
    s("line", { x1: "0%", x2: "100%", y1: floor, y2: floor, class: "axis" }),
    ticks.map((v) => s("text", { x: x(v) + "%", y: floor + 18, "text-anchor": "middle" }, num(v))),
    dots.map(({ unit, place, pile }) => {
      const dot = s("circle", { cx: place + "%", cy: floor - 9 - 13 * pile, r: 5.5, class: "unit " + groupClass(unit.group).slice(6) },
        s("title", {}, unit.n + ": " + num(unit.index)));
      dot.addEventListener("click", () => { location.hash = link(unit); });
      return dot;
    }));
}
