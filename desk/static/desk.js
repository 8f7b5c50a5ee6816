"use strict";
// Keys for what can be clicked, and a look at forms before they go. Belongs here: what makes work quicker.
// Must stay out: anything a page needs.
(function () {
  const doc = document;
  const isTyping = (target) => target.matches("input:not([type=radio], [type=checkbox]), textarea, select");

  doc.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const key = event.key.toLowerCase();
    if (!/^[a-z0-9]$/.test(key)) return;
    const field = doc.querySelector(`[data-focus="${key}"]`);
    if (field) {
      event.preventDefault();
      field.focus();
      return;
    }
    const button = doc.querySelector(`[data-key="${key}"]`);
    if (button && !event.repeat) {
      event.preventDefault();
      button.click();
    }
  });

  // On a narrow screen the pages stand in a row that scrolls: the one that is open is in sight.
  doc.querySelector(".contents [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

  // A form is sent once, however often its button is pressed.
  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.matches("[hx-post]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => {
    for (const form of doc.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
