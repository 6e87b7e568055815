/* The fields of a record page and its rows that come and go: reading, filling, both words of a conflict. It knows
   the page and nothing of the network; visit.js says what to fill and hears what was typed. */
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const spotOf = (target, field) => `${target} ${field}`;

  function element(tag, classes, text) {
    const made = document.createElement(tag);
    if (classes) made.className = classes;
    if (text) made.textContent = text;
    return made;
  }

  function button(classes, text, run) {
    const made = element("button", classes, text);
    made.type = "button";
    made.addEventListener("click", run);
    return made;
  }

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "kcl-i");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#i-${name}`);
    svg.append(use);
    return svg;
  }

  // --- one field, which may be several controls ----------------------------------------------------------

  const fields = new Map(); // "target field" → its controls

  function gather(root) {
    for (const control of root.querySelectorAll("[data-field]")) {
      const spot = spotOf(control.dataset.target, control.dataset.field);
      const known = fields.get(spot) || [];
      if (!known.includes(control)) known.push(control);
      fields.set(spot, known);
    }
  }

  const isBox = (control) => control.type === "radio" || control.type === "checkbox";

  function valueOf(spot) {
    const controls = fields.get(spot) || [];
    if (!controls.length) return "";
    if (!isBox(controls[0])) return controls[0].value;
    return controls.filter((one) => one.checked).map((one) => one.value).join("\n");
  }

  function fill(spot, value, revision) {
    for (const control of fields.get(spot) || []) {
      if (isBox(control)) control.checked = control.value !== "" && value.split("\n").includes(control.value);
      else if (control.value !== value) control.value = value;
      if (revision !== undefined) control.dataset.base = revision;
    }
  }

  const baseOf = (spot) => Number(fields.get(spot)?.[0]?.dataset.base || 0);

  // A value as a person reads it: what stands beside a box, not what the form sends.
  function shown(spot, value) {
    const controls = fields.get(spot) || [];
    if (controls[0]?.tagName === "SELECT") return [...controls[0].options].find((one) => one.value === value)?.text || value;
    if (!controls.length || !isBox(controls[0])) return value;
    const words = value.split("\n").map((one) => controls.find((box) => box.value === one)?.closest("label")?.textContent.trim() || one);
    return words.join(", ");
  }

  function labelOf(spot) {
    const control = fields.get(spot)?.[0];
    if (!control) return "";
    const group = isBox(control) && control.closest("fieldset")?.querySelector("legend");
    return (group || control.labels?.[0])?.textContent.trim() || "";
  }

  // --- names that were written since the page was made --------------------------------------------------

  // `valueOf(target, field)` is what stands there by now; `targets` all that are known.
  function offer(targets, valueOf) {
    for (const target of targets) {
      if (valueOf(target, "removed") === "1") continue;
      const [name, post] = [valueOf(target, "full_name"), valueOf(target, "position")];
      if (kindOf(target) === "attendee") {
        addOption("nguoi-truong", [name, post].filter(Boolean).join(", "));
        addOption("ten-nguoi", name);
        addOption("chuc-vu", post);
      } else if (kindOf(target) === "recommendation") addOption("nguoi-truong", valueOf(target, "owner"));
    }
  }

  function addOption(list, words) {
    const value = words.trim();
    const place = byId(list);
    if (!value || [...place.options].some((one) => one.value === value)) return;
    const option = element("option");
    option.value = value;
    place.append(option);
  }

  // --- how a due date is read ----------------------------------------------------------------------------

  // The last day that is meant, where there is no doubt; "" otherwise. The server reads far more ways of saying it.
  function readDay(text) {
    const found = /^(?:(\d{1,2})\/)?(\d{1,2})\/(20\d\d)$/.exec(text.trim());
    if (!found) return "";
    const [day, month, year] = found.slice(1).map(Number);
    const most = new Date(Date.UTC(year, month, 0)).getUTCDate();
    const last = found[1] === undefined ? most : day;
    if (month < 1 || month > 12 || last < 1 || last > most) return "";
    return `${String(last).padStart(2, "0")}/${String(month).padStart(2, "0")}/${year}`;
  }

  // Below every due date: what the server said of the very same words, else what is plain without it, else nothing.
  function showReadings(dues) {
    for (const place of document.querySelectorAll("#ghi [data-reading]")) {
      const text = place.parentElement.querySelector("[data-field]").value;
      const day = readDay(text);
      const words = dues && Object.hasOwn(dues, text) ? dues[text] : day && `Đọc là hết ngày ${day}`;
      if (place.textContent !== words) place.textContent = words;
    }
  }

  const itemOf = (node) => node.closest(".kcl-item");
  const titleOf = (spot) => (fields.get(spot) ? itemOf(fields.get(spot)[0])?.dataset.title : "") || "";

  // --- words next to a field -----------------------------------------------------------------------------

  const frameOf = (control) => (isBox(control) ? control.closest("fieldset") : control.closest("[data-frame]")) || control.parentElement;

  // Put a note below the field, or take it away; one of each kind a field.
  function note(spot, kind, made) {
    const control = fields.get(spot)?.[0];
    if (!control) return;
    const frame = frameOf(control);
    const there = [...frame.querySelectorAll(`:scope > [data-note="${kind}"]`)].find((one) => one.dataset.spot === spot);
    if (there && made && there.dataset.words === made.dataset.words) return;
    const hadFocus = there?.contains(document.activeElement);
    if (there) there.remove();
    if (!made) {
      if (hadFocus) control.focus({ preventScroll: true });
      return;
    }
    Object.assign(made.dataset, { note: kind, spot });
    frame.append(made);
  }

  // Where a note of a kind stands now.
  const noted = (kind) => [...document.querySelectorAll(`[data-note="${kind}"]`)].map((one) => one.dataset.spot);

  function refused(spot, words) {
    if (!words) return note(spot, "refused", null);
    const box = element("p", "kcl-refused-note", `Máy chủ không ghi được ô này: ${words} Chữ vẫn giữ trên máy này; quý vị sửa lại là máy tự gửi.`);
    box.dataset.words = words;
    note(spot, "refused", box);
  }

  // What the disk did not take: it stands in its box alone.
  function unkept(spot, isFull) {
    if (isFull === undefined) return note(spot, "unkept", null);
    const why = isFull ? "Máy này hết chỗ nên ô này chưa lưu được. Quý vị xóa bớt ảnh hoặc tệp trên máy" : "Máy này chưa lưu được ô này. Quý vị chờ ít phút";
    const box = element("p", "kcl-refused-note", `${why} và giữ trang này mở: chữ vẫn còn trong ô, có chỗ là máy tự lưu.`);
    box.dataset.words = box.textContent;
    box.setAttribute("role", "status");
    note(spot, "unkept", box);
  }

  // Both words side by side; nothing is chosen for anybody. `choose(value)` settles it.
  function conflict(spot, one, choose) {
    if (!one || !fields.has(spot)) return note(spot, "conflict", null);
    const box = element("div", "kcl-checks kcl-checks-warn kcl-both");
    box.dataset.words = JSON.stringify([one.id, one.yours, one.theirs, one.current_revision]);
    const by = one.by || "người khác trong tổ";
    const mine = one.isMine ? "tôi" : one.person;
    const who = one.isMine ? `${by} đã ghi khác` : `${mine} và ${by} ghi khác nhau`;
    box.append(element("h3", "kcl-ui", `${who} ở ô “${labelOf(spot) || "này"}”`));
    const texts = element("div", "kcl-both-texts");
    for (const [who, value] of [[`Của ${mine}`, one.yours], [`Của ${by}`, one.theirs]]) {
      const side = element("div");
      side.append(element("p", "kcl-soft", who), element("div", "kcl-doc kcl-plain", shown(spot, value) || "(để trống)"));
      texts.append(side);
    }
    const buttons = element("div", "kcl-buttons");
    buttons.append(
      button("btn btn-outline-primary kcl-big", `Giữ của ${mine}`, () => choose(one.yours)),
      button("btn btn-outline-primary kcl-big", `Giữ của ${by}`, () => choose(one.theirs)),
    );
    const control = fields.get(spot)[0];
    if (!isBox(control) && control.tagName !== "SELECT") {
      buttons.append(button("btn btn-outline-primary kcl-big", "Sửa lại", () => rewrite(box, buttons, one, choose)));
    }
    box.append(texts, buttons);
    note(spot, "conflict", box);
  }

  function rewrite(box, buttons, one, choose) {
    const id = `sua-lai-${one.id}`;
    const label = element("label", "form-label", "Bản sửa lại từ hai bản trên");
    label.htmlFor = id;
    const area = element("textarea", "form-control kcl-doc");
    area.id = id;
    area.rows = 5;
    area.value = [one.yours, one.theirs].filter(Boolean).join("\n");
    buttons.replaceChildren(button("btn btn-primary kcl-big", "Giữ bản sửa lại", () => choose(area.value)));
    buttons.before(label, area);
    area.focus();
  }

  // --- rows that come and go: recommendations, people present ---------------------------------------------

  const RULES = {
    recommendation: { list: "kien-nghi", gone: "Đã bỏ kiến nghị." },
    attendee: { list: "nguoi-du", gone: "Đã bỏ người dự." },
  };
  const kindOf = (target) => target.split(":")[0];
  const rowOf = (target) => document.querySelector(`[data-row="${CSS.escape(target)}"]`);

  // Draw an empty row from the page's template; `place` is the list it goes into.
  function addRow(target, place) {
    const kind = kindOf(target);
    const row = byId(`mau-${RULES[kind].list}`).content.cloneNode(true).firstElementChild;
    const [old, mark] = [row.dataset.row, target].map((one) => one.replace(":", "-"));
    row.dataset.row = target;
    row.dataset.fresh = "1"; // the page did not bring it
    for (const one of row.querySelectorAll("[data-field]")) one.dataset.target = target;
    for (const one of row.querySelectorAll("[id], [for], [aria-describedby], [aria-labelledby]")) {
      for (const name of ["id", "for", "aria-describedby", "aria-labelledby"]) {
        if (one.hasAttribute(name)) one.setAttribute(name, one.getAttribute(name).replaceAll(old, mark));
      }
    }
    place.append(row);
    gather(row);
    return row;
  }

  const listOf = (target, key) =>
    kindOf(target) === "attendee"
      ? document.querySelector("[data-rows=attendee]")
      : [...document.querySelectorAll("[data-rows=recommendation]")].find((one) => one.dataset.key === key);

  // The row as everybody knows it by now: drawn if it is new, folded away if it was taken back.
  function showRow(target, known, undo) {
    const kind = kindOf(target);
    if (!(kind in RULES)) return;
    const place = listOf(target, known.finding?.[0]);
    const isGone = known.removed?.[0] === "1";
    const row = rowOf(target) || (place && !isGone && addRow(target, place));
    if (row) foldRow(row, isGone, RULES[kind].gone, undo);
  }

  function foldRow(row, isGone, words, undo) {
    const there = row.querySelector(":scope > .kcl-undo-line");
    if (Boolean(there) === isGone) return;
    for (const one of row.children) one.hidden = isGone;
    if (!isGone) {
      there.remove();
      for (const one of row.children) one.hidden = false;
      row.querySelector("textarea, input:not([type=hidden])")?.focus({ preventScroll: true });
      return;
    }
    const line = element("p", "kcl-undo-line", `${words} `);
    line.append(button("kcl-link", "Hoàn tác", undo));
    row.append(line);
  }

  self.KCLFields = {
    element, button, icon, byId, spotOf, fields, gather, valueOf, fill, baseOf, shown, labelOf, titleOf, itemOf, isBox,
    noted, refused, unkept, conflict, addRow, rowOf, showRow, listOf, kindOf, foldRow, readDay, showReadings, offer,
  };
})();
