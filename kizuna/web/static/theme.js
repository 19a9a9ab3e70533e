// Runs before the first paint: the device's theme when the reader has not chosen one.
(function () {
  "use strict";
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    var wanted = root.dataset.theme || "auto";
    root.setAttribute("data-bs-theme", wanted === "auto" ? (dark.matches ? "dark" : "light") : wanted);
  }
  apply();
  dark.addEventListener("change", apply);
  // Paper is white. The charts follow the attribute, so they are drawn anew before the page is.
  window.addEventListener("beforeprint", function () { root.setAttribute("data-bs-theme", "light"); });
  window.addEventListener("afterprint", apply);
})();
