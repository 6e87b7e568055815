/* The record page of a visit: one item a screen, every field kept on this device at once and sent later. Without
   this file, or where the browser keeps nothing, the page is a list of forms with a "Lưu" button each. */
"use strict";

(async () => {
  const page = document.getElementById("ghi");
  if (!page || !self.KCLStore) return;
  const store = self.KCLStore;
  const shapes = self.KCLFields;
  const { byId, element, button, fields, spotOf } = shapes;
  const who = { user: document.body.dataset.user, visit: page.dataset.visit };
  const TYPING_MS = 300; // a word a second; less would only wear the disk
  const AGAIN_MS = 3000; // after a write that the disk refused
  const CLOCK_MS = 5 * 60 * 1000; // what a clock may be off before it is said
  // The items come as text (noscript) and become part of the page when they are first looked at.
  function parsed(sleeping) {
    const made = document.createElement("template");
    made.innerHTML = sleeping.textContent;
    return made.content.querySelector(".kcl-item");
  }

  const marker = `kcl:${who.user}:${location.pathname}`;

  let known;
  let waiting;
  try {
    // Reading alone: a write waits for the disk, and nobody who opens the page should.
    [known, waiting] = await Promise.all([store.readVisit(who), store.pending(who)]);
    if (!known.keptAt) known = await store.keepBundle(who, {}, { label: page.dataset.label, page: location.pathname });
  } catch {
    byId("khong-giu").hidden = false; // private windows and full disks: the forms still save
    for (const one of page.querySelectorAll("noscript[data-item]")) one.replaceWith(parsed(one));
    return;
  }
  let clockOff = Number(known.clockOff || 0);
  const typing = new Map(); // spot → timer: typed, not yet kept
  const now = () => new Date(Date.now() + clockOff);
  const clock = (date) => date.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });

  document.documentElement.classList.add("kcl-visit-js");
  for (const one of document.querySelectorAll("[data-nojs]")) one.remove();
  localStorage.setItem("kcl-may", who.user); // kcl.js: this device keeps something of this person

  // --- keeping -------------------------------------------------------------------------------------------

  const held = new Map(); // spot → the write of it that the disk has not yet answered
  const failed = new Set(); // spots whose last write the disk refused; tried again
  const isBusy = (spot) => typing.has(spot) || held.has(spot); // what stands in the box is newer than what is kept

  // The number of changes that the writer had seen: what the control says, else what is known of the field by now,
  // or was when the page was made.
  function seenOf(target, field) {
    const spot = spotOf(target, field);
    if (fields.has(spot)) return shapes.baseOf(spot);
    const made = shapes.rowOf(target)?.querySelector(`[name="base-${field}"]`);
    return Math.max(known.values[target]?.[field]?.[1] ?? 0, Number(made?.value || 0));
  }

  // Says whether the disk has it. Called "saved on this device" only once the disk has it, and only while nothing else is still under way.
  async function keep(target, field, value, more = {}) {
    const spot = spotOf(target, field);
    const words = { title: shapes.titleOf(spot) || more.title || "", label: shapes.labelOf(spot), shown: shapes.shown(spot, value), ...more };
    const mark = Symbol(spot);
    held.set(spot, mark);
    say();
    try {
      await store.write(who, { target, field, value, base: seenOf(target, field), at: new Date().toISOString(), ...words });
    } catch (error) {
      if (held.get(spot) === mark) {
        failed.add(spot);
        shapes.unkept(spot, error.name === "QuotaExceededError");
      }
      say();
      const isLast = () => held.get(spot) === mark && !typing.has(spot);
      setTimeout(() => isLast() && keep(target, field, shapes.fields.has(spot) ? shapes.valueOf(spot) : value, more), AGAIN_MS);
      await count();
      return false;
    }
    if (held.get(spot) === mark && failed.delete(spot)) shapes.unkept(spot);
    await count();
    if (held.get(spot) === mark) held.delete(spot);
    say();
    sender.soon();
    return true;
  }

  function say() {
    const kind = failed.size || album.unkept() ? "failed" : held.size || typing.size ? "saving" : "saved";
    const place = byId("da-luu");
    const words = { saving: "Đang lưu trên máy này…", saved: `Đã lưu trên máy này lúc ${clock(now())}`, failed: "Chưa lưu được trên máy này, đang thử lại. Quý vị giữ trang này mở." };
    place.className = kind === "saved" ? "kcl-saved" : "kcl-saved kcl-saved-wait";
    if (place.textContent !== words[kind]) place.textContent = words[kind];
  }

  function typed(control, atOnce) {
    const { target, field } = control.dataset;
    const spot = spotOf(target, field);
    clearTimeout(typing.get(spot));
    const run = () => {
      typing.delete(spot);
      return keep(target, field, shapes.valueOf(spot));
    };
    if (atOnce) {
      typing.set(spot, 0);
      return run();
    }
    typing.set(spot, setTimeout(run, TYPING_MS));
    say();
  }

  // What was typed a moment ago is kept before the page goes out of sight.
  function keepTyped() {
    for (const [spot, timer] of typing) {
      clearTimeout(timer);
      typed(fields.get(spot)[0], true);
    }
  }

  document.addEventListener("input", (event) => {
    if (!event.target.matches("#ghi [data-field]")) return;
    typed(event.target, shapes.isBox(event.target));
    if (event.target.dataset.field === "due") shapes.showReadings(known.dues);
  });
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches("#ghi input[list]")) return;
    const rows = new Set([...Object.keys(known.values), ...waiting.map((one) => one.target)]);
    rows.delete(target.dataset.target); // half a name is no suggestion
    shapes.offer(rows, standing);
  });
  document.addEventListener("change", (event) => {
    const { target } = event;
    if (target.matches("#ghi [data-field]") && typing.has(spotOf(target.dataset.target, target.dataset.field))) typed(target, true);
  });
  document.addEventListener("visibilitychange", () => document.hidden && keepTyped());
  window.addEventListener("pagehide", keepTyped);
  window.addEventListener("beforeunload", (event) => (failed.size || album.unkept()) && event.preventDefault());
  page.addEventListener("submit", (event) => {
    event.preventDefault(); // Enter in a field
    keepTyped();
  });

  // --- what is known by now ------------------------------------------------------------------------------

  function draw() {
    const unsent = new Map(waiting.map((one) => [spotOf(one.target, one.field), one]));
    for (const [target, values] of Object.entries(known.values)) {
      shapes.showRow(target, withMine(target, values), () => removeRow(target, ""));
      for (const [field, [value, revision]] of Object.entries(values)) {
        const spot = spotOf(target, field);
        if (!unsent.has(spot) && !isBusy(spot)) shapes.fill(spot, value, revision);
      }
    }
    drawMine();
    drawConflicts(unsent);
    drawNotices();
    shapes.showReadings(known.dues);
    for (const id of items) drawState(id);
  }

  // A row's fields with what waits here: a row taken back without a network is taken back.
  function withMine(target, values) {
    const mine = waiting.filter((one) => one.target === target).map((one) => [one.field, [one.value, one.base]]);
    return { ...values, ...Object.fromEntries(mine) };
  }

  // What the server says of the whole: a newer plan, a visit that is over.
  function drawNotices() {
    const words = [known.notice, known.writable === false && `${known.closed_words || ""} Điều chưa gửi vẫn giữ trên máy này.`];
    const place = byId("loi-may-chu");
    place.textContent = words.filter(Boolean).join(" ");
    place.hidden = !place.textContent;
  }

  function drawMine() {
    const targets = new Set(waiting.map((one) => one.target));
    for (const target of targets) {
      shapes.showRow(target, withMine(target, known.values[target] || {}), () => removeRow(target, ""));
    }
    for (const one of waiting) {
      const spot = spotOf(one.target, one.field);
      if (!isBusy(spot)) shapes.fill(spot, one.value);
    }
    const refused = new Map(waiting.filter((one) => one.words).map((one) => [spotOf(one.target, one.field), one.words]));
    for (const spot of new Set([...refused.keys(), ...shapes.noted("refused")])) shapes.refused(spot, refused.get(spot));
  }

  function drawConflicts(unsent) {
    const open = new Map(known.conflicts.map((one) => [spotOf(one.target, one.field), one]));
    for (const spot of new Set([...open.keys(), ...shapes.noted("conflict")])) {
      const one = open.get(spot);
      const mine = unsent.get(spot);
      const isMine = one?.device === known.device;
      const yours = isMine && mine ? mine.value : one?.yours;
      shapes.conflict(spot, one && { ...one, yours, isMine }, (value) => settle(one, value));
    }
    drawLoose();
  }

  // A conflict about something that has no box of its own is told at the head of its item.
  const isLoose = (one) => shapes.kindOf(one.target) === "photo" || one.field === "removed" || one.field === "finding";

  function placeOf({ target }) {
    if (shapes.kindOf(target) === "attendee") return "thanh-phan";
    const photo = known.photos.find((one) => `photo:${one.id}` === target);
    return photo ? photo.target.replace(":", "-") : `finding-${findingOf(target)}`;
  }

  function drawLoose() {
    const loose = known.conflicts.filter(isLoose);
    for (const item of page.querySelectorAll(".kcl-item")) {
      const here = loose.filter((one) => placeOf(one) === item.id);
      const words = here.map((one) => `“${one.label}”: ${one.person} và ${one.by || "người khác trong tổ"} ghi khác nhau.`).join(" ");
      const there = item.querySelector(":scope > [data-loose]");
      if ((there?.dataset.loose || "") === words) continue;
      there?.remove();
      if (!words) continue;
      const note = element("p", "kcl-trouble", `${words} `);
      note.dataset.loose = words;
      const link = element("a", "", "Xem và chọn");
      link.href = page.dataset.entries;
      note.append(link);
      item.querySelector("h2").after(note);
    }
  }

  async function settle(one, value) {
    const spot = spotOf(one.target, one.field);
    shapes.fill(spot, value);
    for (const control of fields.get(spot)) control.dataset.base = one.current_revision;
    fields.get(spot)[0].focus({ preventScroll: true });
    await keep(one.target, one.field, value, { settles: one.id, isOwn: one.device === known.device });
    known = await store.readVisit(who);
    draw();
  }

  async function changed(fresh) {
    if (fresh) known = fresh;
    waiting = await store.pending(who);
    if (fresh) takeClock(fresh);
    draw();
    await album.know(known, waiting);
    await count();
    if (fresh) keepPhotos();
  }

  // Photos of others are fetched while there is a network; the list of all tells which were taken back.
  let toldPhotos = null;
  function keepPhotos() {
    const worker = navigator.serviceWorker?.controller;
    const urls = album.elsewhere();
    if (!worker || toldPhotos === String(urls)) return;
    toldPhotos = String(urls);
    worker.postMessage({ kind: "photos", urls });
  }
  window.addEventListener("online", () => (toldPhotos = null));
  navigator.serviceWorker?.addEventListener("controllerchange", () => keepPhotos());

  // --- rows ----------------------------------------------------------------------------------------------

  async function addRow(control) {
    const { add: kind, key } = control.dataset;
    const target = `${kind}:${crypto.randomUUID()}`;
    const row = shapes.addRow(target, shapes.listOf(target, key));
    row.querySelector("textarea, input:not([type=hidden])").focus();
    // The row exists once something is written in it; its place goes first.
    if (kind === "recommendation") row.addEventListener("input", () => keep(target, "finding", key), { once: true, capture: true });
  }

  async function removeRow(target, value) {
    await keep(target, "removed", value, { title: shapes.rowOf(target)?.closest(".kcl-item")?.dataset.title || "" });
    waiting = await store.pending(who);
    shapes.showRow(target, withMine(target, known.values[target] || {}), () => removeRow(target, ""));
    const row = shapes.rowOf(target);
    if (value) row?.querySelector(".kcl-undo-line button")?.focus({ preventScroll: true });
  }

  function dropRow(row) {
    const target = row.dataset.row;
    const isEmpty = "fresh" in row.dataset && !known.values[target] && !waiting.some((one) => one.target === target);
    if (!isEmpty) return removeRow(target, "1");
    const next = row.parentElement.parentElement.querySelector("[data-add]");
    for (const one of row.querySelectorAll("[data-field]")) {
      const spot = spotOf(target, one.dataset.field);
      clearTimeout(typing.get(spot));
      for (const place of [typing, held, failed, fields]) place.delete(spot);
    }
    row.remove();
    next?.focus();
    say();
    count();
  }

  page.addEventListener("click", (event) => {
    const control = event.target.closest("[data-add], [data-remove], [data-now]");
    if (!control) return;
    event.preventDefault();
    if (control.dataset.add) addRow(control);
    else if ("remove" in control.dataset) dropRow(control.closest("[data-row]"));
    else fillNow(control);
  });

  function fillNow(control) {
    const field = byId(control.dataset.now);
    const date = now();
    field.value = control.dataset.kind === "date" ? date.toLocaleDateString("vi-VN") : `${date.getHours()} giờ ${String(date.getMinutes()).padStart(2, "0")} phút`;
    typed(field, true);
    field.focus();
  }

  // --- the clock of this device --------------------------------------------------------------------------

  function takeClock(fresh) {
    const off = fresh.server_time ? new Date(fresh.server_time) - Date.now() : NaN;
    if (!off || fresh.server_time === takeClock.seen) return;
    takeClock.seen = fresh.server_time;
    clockOff = Math.abs(off) > CLOCK_MS ? off : 0;
    store.keepBundle(who, {}, { clockOff });
    const place = byId("dong-ho");
    place.hidden = !clockOff;
    if (clockOff) place.textContent = `Đồng hồ của máy này chạy ${clockOff < 0 ? "nhanh" : "chậm"} ${lasting(Math.abs(off))} so với giờ của máy chủ. Giờ ghi ở đây đã tính theo máy chủ; quý vị nên chỉnh lại giờ của máy.`;
  }

  function lasting(milliseconds) {
    const minutes = Math.round(milliseconds / 60000);
    if (minutes < 90) return `${minutes} phút`;
    return minutes < 23.5 * 60 ? `${Math.round(minutes / 60)} giờ` : `${Math.round(minutes / 1440)} ngày`;
  }

  // --- what is not yet sent ------------------------------------------------------------------------------

  async function count() {
    waiting = await store.pending(who);
    const number = store.countOf(waiting, album.unsent());
    const unkept = failed.size + album.unkept();
    const badge = byId("chua-gui-dem");
    const words = [unkept && `${unkept} mục chưa lưu`, number && `${number} mục chưa gửi`].filter(Boolean).join(", ") || "Đã gửi hết";
    if (badge.textContent !== words) badge.textContent = words;
    byId("nut-chua-gui").classList.toggle("kcl-unsent-none", !number && !unkept);
    if (number) localStorage.setItem(marker, JSON.stringify({ values: {}, version: "", label: `${page.dataset.label}: ${words}`, page: location.pathname }));
    else localStorage.removeItem(marker);
    if (!byId("chua-gui").hidden) drawUnsent();
    for (const id of items) drawState(id);
  }

  function drawUnsent() {
    const list = byId("chua-gui-ds");
    const rows = store.told(waiting).map((one) => {
      const row = element("li");
      row.append(element("p", "kcl-soft", [one.title, one.label].filter(Boolean).join(" · ")));
      row.append(element("div", "kcl-doc kcl-plain", one.shown || "(để trống)"));
      if (one.words) row.append(element("p", "kcl-refused-note", one.words));
      return row;
    });
    for (const photo of album.unsent()) {
      const row = element("li");
      row.append(element("p", "kcl-soft", `${photo.title} · ảnh`));
      if (photo.words) row.append(element("p", "kcl-refused-note", photo.words));
      rows.push(row);
    }
    list.replaceChildren(...rows);
    byId("chua-gui-het").hidden = rows.length > 0;
    if (!rows.length && document.activeElement === byId("gui-ngay")) byId("chua-gui-h").focus({ preventScroll: true });
    for (const id of ["chep-chua-gui", "gui-ngay"]) byId(id).hidden = !rows.length;
  }

  byId("gui-ngay").addEventListener("click", () => {
    keepTyped();
    sender.now();
  });
  byId("chep-chua-gui").addEventListener("click", async () => {
    const text = store.told(waiting).map((one) => [one.title, one.label, one.shown].filter(Boolean).join("\n")).join("\n\n");
    try {
      await navigator.clipboard.writeText(text);
      byId("chep-xong").textContent = "Đã chép.";
    } catch {
      byId("chep-xong").textContent = "Trình duyệt không cho chép; quý vị chọn chữ ở trên rồi chép.";
    }
  });

  function tell({ kind, words }) {
    const place = byId("loi-gui");
    page.dataset.sync = kind;
    byId("dang-gui").textContent = kind === "sending" ? "Đang gửi…" : "";
    if (kind === "sending") return;
    if (kind === "closed" || kind === "gone") navigator.serviceWorker?.controller?.postMessage({ kind: "closed" });
    place.hidden = !words;
    byId("dang-nhap-lai").hidden = kind !== "login" && kind !== "other";
    if (byId("loi-gui-chu").textContent !== (words || "")) byId("loi-gui-chu").textContent = words || "";
  }

  // --- one item a screen ---------------------------------------------------------------------------------

  const items = [...page.querySelectorAll(".kcl-item, noscript[data-item]")].map((one) => one.dataset.item || one.id);
  const places = new Map([...page.querySelectorAll("[data-state-of]")].map((one) => [one.dataset.stateOf, one]));
  const targets = new Map([...page.querySelectorAll("noscript[data-item]")].map((one) => [one.dataset.item, one.dataset]));
  let shown = null;

  // Draw an item that was not looked at before, with everything that is known of it.
  function wake(id) {
    const sleeping = page.querySelector(`noscript[data-item="${CSS.escape(id)}"]`);
    if (!sleeping) return;
    const item = parsed(sleeping);
    for (const one of item.querySelectorAll("[data-nojs]")) one.remove();
    for (const one of item.querySelectorAll("[data-photos]")) one.replaceChildren(); // drawn by visit-photos.js
    item.hidden = true;
    sleeping.replaceWith(item);
    shapes.gather(item);
    draw();
    album.draw();
  }

  function present() {
    const id = decodeURIComponent(location.hash.slice(1));
    if (items.includes(id)) wake(id);
    return byId(id)?.closest(".kcl-item, #danh-sach, #chua-gui") || byId("danh-sach");
  }

  function show(isFirst) {
    const here = present();
    for (const one of shown ? [shown] : page.querySelectorAll(".kcl-item, .kcl-screen")) one.hidden = true;
    here.hidden = false;
    shown = here;
    if (here === byId("chua-gui")) drawUnsent();
    const at = items.indexOf(here.id);
    byId("buoc").hidden = at < 0;
    if (at >= 0) steps(at);
    if (isFirst) return;
    window.scrollTo({ top: 0, behavior: "instant" });
    here.querySelector("h2").focus({ preventScroll: true });
  }

  function steps(at) {
    const [before, after] = [byId("muc-truoc"), byId("muc-sau")];
    before.hash = at ? items[at - 1] : "danh-sach";
    before.querySelector("span").textContent = at ? "Mục trước" : "Danh sách";
    after.hash = at + 1 < items.length ? items[at + 1] : "danh-sach";
    after.querySelector("span").textContent = at + 1 < items.length ? "Mục sau" : "Danh sách";
  }

  const VERDICTS = { done: ["full", "Đã thực hiện"], doing: ["half", "Đang thực hiện"], not_done: ["empty", "Chưa thực hiện"], not_checked: ["minus", "Không kiểm tra"] };

  // What stands in a field by now, wherever it is known from: "" where nothing does.
  function standing(target, field) {
    const spot = spotOf(target, field);
    if (fields.has(spot)) return shapes.valueOf(spot);
    const mine = waiting.find((one) => one.target === target && one.field === field);
    return mine ? mine.value : known.values[target]?.[field]?.[0] || "";
  }

  // The line of an item in the list: its verdict in words, whether anything is written, whether it is sent.
  function drawState(id) {
    const place = places.get(id);
    const { target, key } = targets.get(id) || {};
    if (!place || (target && !known.values[target] && !byId(id))) return; // the server's own words stand
    const verdict = target && VERDICTS[standing(target, "verdict")];
    const isWritten = target ? WORDS_OF.some((field) => standing(target, field).trim()) : hasWords(byId(id));
    const isWaiting = waiting.some((one) => (target ? one.target === target || findingOf(one.target) === key : belongs(one, byId(id))));
    const isClash = known.conflicts.some((one) => (isLoose(one) ? placeOf(one) === id : target && (one.target === target || findingOf(one.target) === key)));
    const words = [verdict ? verdict[1] : isWritten ? "Đã ghi" : "Chưa ghi", isClash && "hai người ghi khác nhau", isWaiting && "chưa gửi"].filter(Boolean).join(" · ");
    if (place.dataset.words === words) return;
    place.dataset.words = words;
    place.replaceChildren(shapes.icon(verdict ? verdict[0] : isWritten ? "check" : "empty"), ` ${words}`);
    place.classList.toggle("kcl-soft", !verdict && !isWritten);
  }

  const WORDS_OF = ["seen", "evidence", "strengths", "limits"];
  const hasWords = (item) => [...item.querySelectorAll("textarea, input[type=text]")].some((one) => one.value.trim());
  const findingOf = (target) => (shapes.kindOf(target) === "recommendation" ? standing(target, "finding") : "");
  const belongs = (entry, item) => (fields.get(spotOf(entry.target, entry.field)) || []).some((one) => item.contains(one));

  // --- beginning -----------------------------------------------------------------------------------------

  const album = self.KCLPhotos.album({
    who,
    now,
    isWritable: "writable" in page.dataset,
    kept: () => count().then(() => {
      say();
      sender.soon();
    }),
    write: (target, field, value, title) => keep(target, field, value, { title, label: field === "caption" ? "Chú thích ảnh" : "Bỏ ảnh" }),
  });
  const sender = self.KCLSender.sender({
    who,
    urls: { bundle: page.dataset.bundle, sync: page.dataset.sync, photo: page.dataset.photo },
    tell,
    changed,
  });

  shapes.gather(page);
  show(true);
  draw();
  window.addEventListener("hashchange", () => {
    keepTyped();
    show();
  });
  await album.know(known, waiting);
  await count();
  page.dataset.ready = "1";
  performance.mark("kcl-ready");
  keepThePage();
  navigator.storage?.persist?.().catch(() => {});
  await sender.begin(known.device);

  // --- opening without a network -------------------------------------------------------------------------

  async function keepThePage() {
    const place = byId("tai-ve");
    const no = "Trang này chưa tải về máy được: khi mất mạng, quý vị giữ trang mở để ghi tiếp.";
    if (!navigator.serviceWorker) {
      place.textContent = no;
      return;
    }
    navigator.serviceWorker.addEventListener("message", ({ data }) => {
      place.textContent = data.kind === "kept" ? "Đã tải về máy này: mở và ghi được khi không có mạng." : no;
      page.dataset.kept = data.kind;
    });
    try {
      const wasControlled = Boolean(navigator.serviceWorker.controller);
      await navigator.serviceWorker.register(page.dataset.worker, { scope: "/kiem-tra/", updateViaCache: "none" });
      const { active } = await navigator.serviceWorker.ready;
      active.postMessage({ kind: "keep", again: !wasControlled });
    } catch {
      place.textContent = no;
    }
  }
})();
