const main = document.getElementById("main");
const VIEWS = [["league", "#/"], ["profile", "#/unit/"], ["common", "#/items"], ...(D.previous.length ? [["compare", "#/years"]] : []), ["about", "#/about"]];

function route() {
  const hash = location.hash;
  if (!hash && D.units.length === 1) return ["profile", D.units[0].id]; // there is nobody to compare with
  if (hash.startsWith("#/unit")) {
    const raw = hash.slice(7);
    let id = raw;
    try { id = decodeURIComponent(raw); } catch (error) { if (!(error instanceof URIError)) throw error; }
    return ["profile", BY_ID.has(id) ? id : current || D.units[0].id];
  }
  return [hash === "#/items" ? "common" : hash === "#/years" && D.previous.length ? "compare" : hash === "#/about" ? "about" : "league", ""];
}
function show(focus) {
  const [view, id] = route();
  document.documentElement.lang = lang;
  const build = { league: leagueView, profile: () => profileView(id), common: commonView, compare: yearsView, about: aboutView };
  main.replaceChildren();
  fill(main, build[view]());
  document.title = main.querySelector("h1").textContent + (view === "league" ? "" : " · " + L(D.title));
  const first = document.getElementById("first");
  first.textContent = L(D.title) + ": " + w(D.basis.reconstructed === "0" ? "allOfficial" : "reconstructed", num(D.basis.reconstructed), num(D.max));
  first.className = D.basis.reconstructed === "0" ? "calm" : "";
  document.getElementById("skip").textContent = w("skip");
  const nav = document.getElementById("nav");
  nav.setAttribute("aria-label", w("views"));
  nav.replaceChildren(...VIEWS.map(([key, hash]) => h("a", { href: key === "profile" ? link(BY_ID.get(current || D.units[0].id)) : hash, "aria-current": key === view ? "page" : null }, w(key))));
  document.getElementById("print").textContent = w("print");
  for (const button of document.querySelectorAll("[data-lang]")) button.setAttribute("aria-pressed", String(button.dataset.lang === lang));
  if (focus) { window.scrollTo(0, 0); main.querySelector("h1").focus({ preventScroll: true }); }
}
window.addEventListener("hashchange", () => { if (location.hash !== "#main") show(true); });
// Paper has no button to press: all items are printed.
let unfolded = false;
window.addEventListener("beforeprint", () => { if (!whole && route()[0] === "common") { unfolded = whole = true; show(false); } });
window.addEventListener("afterprint", () => { if (unfolded) { unfolded = whole = false; show(false); } });
document.getElementById("print").addEventListener("click", () => window.print());
document.getElementById("skip").addEventListener("click", (event) => { event.preventDefault(); main.querySelector("h1").focus(); });
for (const button of document.querySelectorAll("[data-lang]")) button.addEventListener("click", () => { lang = button.dataset.lang; show(false); });
if (document.documentElement.lang === "en") lang = "en";
show(false);
