// Puts a merge field where the cursor was, and prints. Pages work without it.
(function () {
  "use strict";
  var last = document.querySelector("textarea[data-merge]");

  document.addEventListener("focusin", function (event) {
    if (event.target.matches("textarea[data-merge], input[name^='subject_']")) { last = event.target; }
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-insert]");
    if (button && last) {
      var from = last.selectionStart, to = last.selectionEnd;
      last.setRangeText(button.dataset.insert, from, to, "end");
      last.closest("details").open = true;
      last.focus();
    }
    if (event.target.closest("[data-print]")) { window.print(); }
  });
})();
