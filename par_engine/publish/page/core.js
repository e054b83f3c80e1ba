const D = JSON.parse(document.getElementById("data").textContent);
const TOTAL = 0;
let lang = "vi";

const L = (pair) => pair[lang === "en" ? 1 : 0];
const w = (key, ...values) => {
  let i = 0;
  return L(WORDS[key]).replace(/\{\}/g, () => String(values[i++]));
};

// Text is only ever set as text: nothing from the data becomes markup.
function fill(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}
function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") for (const [name, act] of Object.entries(value)) element.addEventListener(name, act);
    else element.setAttribute(key, value === true ? "" : value);
  }
  return fill(element, children);
}
function s(tag, properties, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(properties || {})) element.setAttribute(key, value);
  return fill(element, children);
}

const num = (text) => (lang === "vi" ? String(text).replace(".", ",") : String(text));
function scaled(n, digits) {
  const sign = n < 0 ? "−" : "";
  const text = String(Math.abs(n)).padStart(digits + 1, "0");
  return sign + (digits ? text.slice(0, -digits) + "." + text.slice(-digits) : text);
}
const trim = (text) => (text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text);
const exact = (n) => num(trim(scaled(n, D.digits)));
// The printed form of points: whole numbers all the way, by the methodology's own way of rounding.
function printed(n) {
  const drop = 10 ** (D.digits - D.printed);
  if (drop < 1) return num(scaled(n / drop, D.printed));
  const size = Math.abs(n), low = Math.floor(size / drop), rest = size - low * drop;
  const up = { down: false, up: rest > 0, half_up: 2 * rest >= drop && rest > 0, half_down: 2 * rest > drop,
    half_even: 2 * rest > drop || (2 * rest === drop && low % 2 === 1) }[D.rounding];
  return num(scaled(Math.sign(n) * (low + (up ? 1 : 0)), D.printed));
}
const signed = (n) => { // a small change is not printed as none
  const text = printed(n);
  return (n > 0 ? "+" : "") + (n && !/[1-9]/.test(text) ? exact(n) : text);
};
const share = (points, of) => num(scaled(Math.floor((2000 * points + of) / (2 * of)), 1)) + " %";
const at = (points, of) => Math.max(0, Math.min(100, of ? (100 * points) / of : 0));

const bare = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase()
  .replace(/[‐‑‒–—−-]/g, " ").replace(/\s+/g, " ").trim();

const N = D.nodes;
const KIDS = N.map(() => []);
N.forEach((node, i) => { if (node.p !== undefined) KIDS[node.p].push(i); });
const PLACE = new Map();
N.forEach((node, i) => { if (node.k !== "stream") PLACE.set(node.c, i); });
const STREAMS = N.map((node, i) => i).filter((i) => N[i].k === "stream");
const FIELDS = KIDS[TOTAL];
const LEAVES = N.map((node, i) => i).filter((i) => N[i].k === "leaf");
const BY_ID = new Map(D.units.map((unit) => [unit.id, unit]));
const BY_NAME = [...D.units].sort((a, b) => a.by - b.by);
const BEFORE = D.evidence.slice(1).map((_, i) => i + 1); // places of the earlier stages; the last stage is place 0
const ORDER = [...BEFORE, 0];
const seen = (unit, j) => (j ? unit.e[j - 1] : unit.wait ? null : unit); // a unit's figures at a stage it has reached
const reached = (unit, i) => ORDER.filter((j) => { const f = seen(unit, j); return f && known(f, i); });
const ends = (unit, i) => { const at = reached(unit, i); return at.length > 1 ? [seen(unit, at[0]), seen(unit, at[at.length - 1])] : null; };
// points out of different maxima, such as with and without a survey, have no difference
const apart = (unit, i) => { const two = ends(unit, i); return two !== null && top(two[0], i) !== top(two[1], i); };
const gained = (unit, i) => { const two = ends(unit, i); return two && !apart(unit, i) ? two[1].p[i] - two[0].p[i] : null; };
const gainedText = (unit, i) => (apart(unit, i) ? h("span", { class: "warn", title: w("apartStages") }, "≠", h("span", { class: "sr" }, " " + w("apartStages"))) : gained(unit, i) === null ? "—" : signed(gained(unit, i)));

const WAITING = D.units.filter((unit) => unit.wait).length;
const soFar = (unit) => (unit.sofar ? h("small", { class: "sofar" }, " " + w("outOf", num(trim(unit.att)))) : null);
const waits = (unit) => (unit.wait ? h("span", { class: "warn", title: w("waitNote", stage(0)) }, " *") : null);
const problemCaution = () => (D.problems.length ? h("div", { class: "caution" }, w("contradictory", D.problems.length),
  h("ul", null, D.problems.slice(0, 3).map((problem) => h("li", null, L(problem)))), D.problems.length > 3 ? h("a", { href: "#/about" }, w("contradictoryMore")) : null) : null);
const waitCaution = () => (WAITING ? h("p", { class: "caution" }, w("waitCount", WAITING, D.units.length, stage(0))) : null);

const top = (unit, i) => (unit.a && i in unit.a ? unit.a[i] : N[i].m);
const known = (unit, i) => unit.p[i] !== null && top(unit, i) > 0;
const counts = (i) => { // whether a figure counts towards the total
  for (let j = i; j !== undefined; j = N[j].p) if (N[j].role) return false;
  return true;
};
const anyKnown = (list) => list.filter((i) => counts(i) && D.units.some((unit) => known(unit, i)));
const PARTS = (() => { // what a total is made of here: its fields, or the streams where no field is known for all
  const fields = anyKnown(FIELDS), streams = anyKnown(STREAMS);
  const full = (list) => list.length && D.units.filter((u) => list.every((i) => known(u, i))).length;
  return full(fields) >= full(streams) || !streams.length ? (fields.length ? fields : streams) : streams;
})();
const name = (i) => (i === TOTAL ? L(N[i].t) : N[i].k === "stream" ? L(N[i].t) : N[i].c + ". " + L(N[i].t));
const groupOf = (id) => D.groups.find((group) => group[0] === id);
const groupClass = (id) => "badge g" + Math.min(4, D.groups.findIndex((group) => group[0] === id));
const badge = (id) => { const group = groupOf(id); return group ? h("span", { class: groupClass(id) }, L(group[1])) : "—"; };
const warn = (node) => (node.b === 2
  ? h("span", { class: "warn", title: w("reconstructedBasis") }, h("span", { "aria-hidden": "true" }, "⚠"), h("span", { class: "sr" }, w("reconstructedBasis"))) : null);
const outcome = (letter) => w({ s: "scored", m: "missing", p: "pending", n: "notApplicable" }[letter]);
const stage = (i) => stageName(D.evidence[i].stage);
const stageName = (id) => {
  const known = { self: "stageSelf", "self-assessment": "stageSelf", appraisal: "stageAppraisal", final: "stageFinal", published: "stagePublished", table: "stageTable", survey: "stageSurvey", illustrative: "stageIllustrative", trial: "stageTrial" };
  return id in known ? w(known[id]) : id;
};
const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);
// Browsers paint no buttons in heads that are repeated on further printed pages: paper has the words alone.
const onPaper = (...words) => h("span", { class: "paper", "aria-hidden": "true" }, words);
const median = (list) => (list[(list.length - 1) >> 1] + list[list.length >> 1]) / 2; // of a drawing; what is printed comes with the data
const link = (unit) => "#/unit/" + encodeURIComponent(unit.id);
const section = (id, title, ...body) => h("section", { class: "card", "aria-labelledby": id }, h("h2", { id }, title), body);
