/* Compares a file with an issued document without sending it anywhere: its hash is taken here and looked for among
   those on the page. Without this file, or where the browser gives no hash (a page without https), the form sends
   the file and the server answers with the same words. */
"use strict";

(() => {
  const form = document.querySelector("form[data-check]");
  if (!form || !window.crypto || !window.crypto.subtle) return;
  const answer = form.querySelector("[data-answer]");
  const field = form.querySelector("input[type=file]");

  form.querySelector("[data-sent]").hidden = true;
  form.querySelector("[data-local]").hidden = false;

  const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

  function say(words, mark) {
    const line = document.createElement("p");
    line.className = `kcl-state kcl-state-${mark === "check" ? "done" : "error"}`;
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("class", "kcl-i");
    icon.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#i-${mark}`);
    icon.append(use);
    const text = document.createElement("span");
    text.textContent = words;
    line.append(icon, text);
    answer.replaceChildren(line);
  }

  async function compare(file) {
    const sha256 = hex(await window.crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    const same = [...document.querySelectorAll("[data-sha256]")].find((one) => one.dataset.sha256 === sha256);
    if (same) say(same.dataset.words, "check");
    else say(form.dataset.other, "error");
  }

  form.addEventListener("submit", (event) => {
    if (event.submitter && "send" in event.submitter.dataset) return; // asked for in words: the server judges signatures
    event.preventDefault();
    answer.replaceChildren();
    if (field.files.length) compare(field.files[0]).catch(() => say("Không đọc được tệp này. Quý vị thử chọn lại tệp.", "error"));
  });
})();
