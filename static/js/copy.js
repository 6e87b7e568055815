/* "Sao chép" beside a text that is to be pasted elsewhere. Without this file the button does not show and the
   text can be selected by hand. */
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const box = button.closest(".kcl-copy");
  const field = box.querySelector("textarea");
  field.select();
  let copied = false;
  try {
    await navigator.clipboard.writeText(field.value);
    copied = true;
  } catch {
    copied = document.execCommand("copy"); /* plain HTTP has no clipboard of its own */
  }
  box.querySelector("[data-copied]").textContent = copied
    ? "Đã sao chép."
    : "Chưa sao chép được; thầy cô bấm Ctrl+C để chép phần đã chọn.";
});
