// What a page without JavaScript does by forms, done more comfortably. Every act is still one of the forms on it.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Ask before what cannot be taken back.
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset?.ask;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.dataset.tickAll) {
      all(`input[name="${field.dataset.tickAll}"]`).forEach((box) => { box.checked = field.checked; });
    }
    if ("submits" in field.dataset) field.form.requestSubmit();
    if ("picks" in field.dataset) pick(field);
  });

  // Show only the fields that the chosen act needs.
  function pick(field) {
    all("[data-for]", field.form).forEach((label) => {
      label.hidden = !label.dataset.for.split(" ").includes(field.value);
    });
  }
  const prepare = (root) => all("[data-picks]", root).forEach(pick);
  document.addEventListener("DOMContentLoaded", () => { prepare(document); settle(); watch(); });
  document.addEventListener("htmx:afterSwap", (event) => { prepare(event.target); settle(); });

  // On a narrow screen the line of pages is moved to where the one at hand is in its middle.
  function settle() {
    const line = document.querySelector("nav.places");
    const here = line?.querySelector("[aria-current]");
    if (here) line.scrollLeft = here.offsetLeft - (line.clientWidth - here.offsetWidth) / 2;
  }

  // A name in the list of people is changed where it stands: Enter keeps it, Escape leaves it as it was.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-rename]");
    if (button) rename(button);
  });

  function rename(button) {
    const link = button.parentElement.querySelector("a");
    const field = document.createElement("input");
    const before = button.textContent === "add a name" ? "" : button.textContent;
    Object.assign(field, { value: before, maxLength: 200, className: "rename", autocomplete: "off" });
    field.setAttribute("aria-label", `Name of ${link.textContent}`);
    const close = () => { field.remove(); button.hidden = false; };
    const keep = async () => {
      const name = field.value.trim();
      const body = new URLSearchParams({ csrf: document.querySelector("#act [name=csrf]").value, name });
      const answer = await fetch(`${link.getAttribute("href")}/name`, { method: "POST", body });
      if (!answer.ok) { field.setAttribute("aria-invalid", "true"); return; }
      button.textContent = name || "add a name";
      close();
      button.focus();
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); keep(); }
      if (event.key === "Escape") { close(); button.focus(); }
    });
    field.addEventListener("blur", () => { if (field.isConnected && field.value === before) close(); });
    button.hidden = true;
    button.after(field);
    field.select();
  }

  // Stories are moved by the mouse; by keyboard with the buttons, or with Alt and the arrow keys.
  const list = () => document.querySelector(".stories[data-order]");
  const send = (order) => {
    const form = document.querySelector("#order");
    form.elements.order.value = order.join(" ");
    form.requestSubmit();
  };
  const keys = () => all(":scope > li[data-key]", list()).map((item) => item.dataset.key);
  let dragged = null;

  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".stories > li[data-key]") ?? null;
    if (!dragged) return;
    dragged.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.key);
  });
  document.addEventListener("dragover", (event) => {
    const over = event.target.closest?.(".stories > li[data-key]");
    if (!dragged || !over) return;
    event.preventDefault();
    all(".over").forEach((item) => item.classList.remove("over"));
    over.classList.add("over");
  });
  document.addEventListener("dragend", () => {
    all(".over, .dragged").forEach((item) => item.classList.remove("over", "dragged"));
    dragged = null;
  });
  document.addEventListener("drop", (event) => {
    const over = event.target.closest?.(".stories > li[data-key]");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    const order = keys().filter((key) => key !== dragged.dataset.key);
    order.splice(order.indexOf(over.dataset.key), 0, dragged.dataset.key);
    send(order);
  });
  document.addEventListener("keydown", (event) => {
    const item = event.target.closest?.(".stories > li[data-key]");
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!item || !event.altKey || !step || !list()) return;
    const order = keys();
    const from = order.indexOf(item.dataset.key);
    const to = from + step;
    if (to < 0 || to >= order.length) return;
    event.preventDefault();
    [order[from], order[to]] = [order[to], order[from]];
    send(order);
  });

  // A send tells how far it is; the page is loaded anew when its state changes.
  function watch() {
    const box = document.querySelector("[data-watch]");
    if (!box) return;
    const source = new EventSource(box.dataset.watch);
    source.addEventListener("progress", (event) => {
      const told = JSON.parse(event.data);
      if (told.state !== box.dataset.state || told.working !== (box.dataset.working === "yes")) { source.close(); window.location.reload(); return; }
      const bar = box.querySelector("progress");
      bar.max = Math.max(told.planned, 1);
      bar.value = told.planned - told.unsent;
      all("[data-count]", box).forEach((place) => { place.textContent = told[place.dataset.count].toLocaleString("en"); });
    });
  }
})();
