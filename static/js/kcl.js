/* What the pages do beyond HTML: saving by itself, keeping what was typed, and text fields that know Word's
   habits. Every page works without this file; then a "Lưu" button stands under each field. */
"use strict";

document.documentElement.classList.add("js");

(() => {
  const WORDS = {
    saving: "Đang lưu…",
    offline: "Chưa lưu được: mất mạng. Chữ vẫn giữ trên máy này và sẽ tự lưu khi có mạng.",
    failed: "Chưa lưu được: máy chủ đang bận. Chữ vẫn giữ trên máy này và sẽ tự lưu lại.",
    reload: "Chưa lưu được: trang này đã cũ. Chữ vẫn giữ trên máy này; thầy cô tải lại trang.",
    leave: "Còn chữ chưa kịp lưu. Đăng xuất bây giờ sẽ bỏ chữ ấy trên máy này. Vẫn đăng xuất?",
    closed: "Chưa lưu được: kế hoạch đã khóa hoặc thầy cô không còn quyền sửa. Chữ vẫn giữ trên máy này; thầy cô tải lại trang.",
    restored: "Đã đưa lại chữ chưa kịp lưu lần trước.",
    waiting: "Trên máy này còn chữ chưa lưu từ lần trước:",
    pending: "Còn chữ chưa kịp lưu trên máy này:",
  };
  const RETRY_MS = 10000;

  // --- keeping what was typed ----------------------------------------------------------------------------

  const user = () => document.body.dataset.user;
  const prefix = () => `kcl:${user()}:`;
  const keyOf = (form) => prefix() + new URL(form.action, location.href).pathname;
  const versionOf = (form) => {
    const field = form.querySelector("input[name=version]");
    return field ? field.value : "";
  };

  function values(form) {
    const found = {};
    for (const [name, value] of new FormData(form)) {
      if (name === "csrfmiddlewaretoken" || name === "version") continue;
      (found[name] ||= []).push(String(value).replace(/\r\n/g, "\n").normalize("NFC"));
    }
    return found;
  }

  function store(key, draft) {
    try {
      localStorage.setItem(key, JSON.stringify(draft));
    } catch {
      /* a full or closed store: the page itself still holds the words */
    }
  }

  function stored(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  const drop = (key) => localStorage.removeItem(key);
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  function keep(form) {
    if (!user()) return;
    if (!form.dataset.dirty && form.dataset.sent === JSON.stringify(values(form))) return;
    store(keyOf(form), {
      values: values(form),
      version: versionOf(form),
      label: document.title.split(" – ")[0],
      page: location.pathname,
    });
    form.dataset.dirty = "1";
  }

  function fill(form, found) {
    for (const field of form.elements) {
      if (!field.name || field.name === "version" || field.name === "csrfmiddlewaretoken") continue;
      if (field.name in found || field.type === "checkbox" || field.type === "radio") fillOne(field, found[field.name] || []);
    }
  }

  function fillOne(field, kept) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = kept.includes(field.value);
    else field.value = kept[0] ?? "";
  }

  function restore(form) {
    const draft = user() && stored(keyOf(form));
    if (!draft) return;
    if (same(draft.values, values(form))) {
      drop(keyOf(form));
    } else if (draft.version === versionOf(form)) {
      fill(form, draft.values);
      say(form, WORDS.restored, true);
      form.dataset.dirty = "1";
      htmx.trigger(form, "submit");
    } else {
      offer(form, draft);
    }
  }

  function offer(form, draft) {
    const box = element("div", "kcl-checks kcl-checks-warn");
    box.append(element("h2", "", WORDS.waiting));
    for (const [name, kept] of Object.entries(draft.values)) {
      if (!same(values(form)[name], kept)) box.append(element("div", "kcl-doc kcl-plain", kept.join(", ")));
    }
    const take = element("button", "btn btn-outline-primary", "Đưa vào ô thay chữ đang có");
    const leave = element("button", "btn btn-outline-primary", "Bỏ chữ này");
    take.type = leave.type = "button";
    take.addEventListener("click", () => {
      fill(form, draft.values);
      box.remove();
      htmx.trigger(form, "submit");
    });
    leave.addEventListener("click", () => {
      drop(keyOf(form));
      box.remove();
    });
    const buttons = element("div", "kcl-buttons");
    buttons.append(take, leave);
    box.append(buttons);
    form.before(box);
  }

  function element(tag, classes, text) {
    const made = document.createElement(tag);
    if (classes) made.className = classes;
    if (text) made.textContent = text;
    return made;
  }

  function listPending() {
    const place = document.querySelector("main");
    if (!user() || !place) return;
    const here = new Set([...document.querySelectorAll("form[data-autosave]")].map(keyOf));
    here.add(prefix() + location.pathname); // the record of a visit says so itself
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix()) && !here.has(key));
    if (!keys.length) return;
    const note = element("div", "kcl-note kcl-pending");
    note.append(element("span", "", WORDS.pending + " "));
    for (const key of keys.slice(0, 5)) {
      const draft = stored(key);
      const link = element("a", "", (draft && draft.label) || "chỗ đang gõ dở");
      link.href = (draft && draft.page) || key.slice(prefix().length);
      note.append(link, " ");
    }
    place.prepend(note);
  }

  // --- saving by itself ----------------------------------------------------------------------------------

  const isAutosave = (form) => form instanceof HTMLFormElement && form.matches("form[data-autosave]");

  function say(form, text, quiet) {
    const place = document.querySelector(form.getAttribute("hx-target"));
    if (!place) return;
    place.replaceChildren(element("span", quiet ? "kcl-saved" : "kcl-saved kcl-saved-wait", text));
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (isAutosave(form)) keep(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (isAutosave(form)) keep(form);
  });

  // While both texts of a conflict stand there, or the way to log in, only the person's own choice is sent: a
  // save on leaving the field would draw button or link anew under the hand that presses it.
  document.addEventListener("htmx:confirm", (event) => {
    const form = event.detail.elt;
    if (!isAutosave(form) || event.detail.triggeringEvent?.type === "submit") return;
    const waits = form.querySelector("[data-conflict], [data-login]");
    // Leaving a field whose words are saved already asks the server for nothing.
    if (waits || !form.dataset.dirty) event.preventDefault();
  });

  // Each save says what this page had sent before it: a save whose answer was lost is no second person.
  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.detail.elt;
    if (isAutosave(form) && form.dataset.sent) event.detail.parameters.sent = form.dataset.sent;
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt;
    if (!isAutosave(form)) return;
    form.dataset.sent = JSON.stringify(values(form));
    if (!form.querySelector("[data-conflict]")) say(form, WORDS.saving, true);
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    // 401: logged out; 409: someone else was first; 422: refused. Each brings words for the page.
    if ([401, 409, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (!isAutosave(form)) return;
    const status = event.detail.xhr.status;
    delete form.dataset.closed;
    if (event.detail.xhr.getResponseHeader("KCL-Saved")) {
      if (!form.isConnected || form.dataset.sent === JSON.stringify(values(form))) {
        drop(keyOf(form));
        delete form.dataset.dirty;
      } else {
        keep(form); // typed on while the save was under way: the draft now goes with the new version
      }
    } else if (status === 0) {
      say(form, WORDS.offline);
    } else if (status >= 500) {
      say(form, WORDS.failed);
    } else if (event.detail.xhr.getResponseHeader("KCL-Reload")) {
      form.dataset.closed = "1";
      say(form, WORDS.reload);
    } else if (status === 403 || status === 404) {
      form.dataset.closed = "1";
      say(form, WORDS.closed);
    } else if (![401, 409, 422].includes(status)) {
      say(form, WORDS.failed);
    }
  });

  // What a form held when it last agreed with the server; what differs from it is the person's own.
  const agreed = new WeakMap();

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (isAutosave(form) && event.detail.xhr.getResponseHeader("KCL-Saved") && form.dataset.sent)
      agreed.set(form, JSON.parse(form.dataset.sent));
  });

  function retry() {
    for (const form of document.querySelectorAll("form[data-autosave][data-dirty]:not([data-closed])")) {
      if (!form.querySelector("[data-conflict], [data-refused], [data-login]")) htmx.trigger(form, "submit");
    }
  }
  window.addEventListener("online", retry);
  setInterval(() => {
    if (document.querySelector(".kcl-saved-wait")) retry();
  }, RETRY_MS);

  // Closing the tab: what is not saved yet goes out on its own; the draft stays until the next visit agrees.
  window.addEventListener("pagehide", () => {
    for (const form of document.querySelectorAll("form[data-autosave][data-dirty]")) {
      const data = new FormData(form);
      if (form.dataset.sent) data.append("sent", form.dataset.sent);
      navigator.sendBeacon(form.action, data);
    }
  });

  // A change of the table while the open row has words not yet saved: the words go first.
  document.addEventListener("htmx:confirm", (event) => {
    const open = document.querySelector("form[data-open-row][data-dirty]");
    if (!open || event.detail.elt === open || !event.detail.elt.closest("[data-table]")) return;
    event.preventDefault();
    const next = (done) => {
      if (done.detail.elt !== open) return;
      document.removeEventListener("htmx:afterRequest", next);
      if (done.detail.xhr.status === 200) setTimeout(() => event.detail.issueRequest(true), 0);
    };
    document.addEventListener("htmx:afterRequest", next);
    // Leaving the field may have sent these very words a moment before; a second save would come back to a row
    // that is no longer there.
    const underWay = open.classList.contains("htmx-request") && open.dataset.sent === JSON.stringify(values(open));
    if (!underWay) htmx.trigger(open, "submit");
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-logout]")) return;
    const kept = Object.keys(localStorage).some((key) => key.startsWith(prefix()));
    if (kept && !window.confirm(WORDS.leave)) {
      event.preventDefault();
      return;
    }
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix())) drop(key);
    if (!localStorage.getItem(DEVICE)) return;
    event.preventDefault();
    const out = event.target;
    const patience = new Promise((resolve) => setTimeout(resolve, 2000));
    Promise.race([forgetVisits().catch(() => {}), patience]).then(() => out.submit());
  });

  // --- visits that this device holds (visit.js), for the one person who works at it ---------------------------

  const DEVICE = "kcl-may"; // whose visits they are
  const VISITS = "kcl-kiem-tra";

  // Logging out takes along what is of this person. Where somebody else logs in, the pages and the records go; words
  // that were never sent wait for their writer, whom alone they are shown to.
  async function forgetVisits(others = false) {
    localStorage.removeItem(DEVICE);
    for (const name of (await self.caches?.keys()) || []) if (name.startsWith("kcl-")) await caches.delete(name);
    const db = await openVisits();
    if (!db) return;
    const isEmpty = !db.objectStoreNames.length || (await clearVisits(db, others));
    db.close(); // once what is under way is done
    if (isEmpty) await answered(indexedDB.deleteDatabase(VISITS));
  }

  const answered = (ask) => new Promise((resolve) => (ask.onsuccess = ask.onerror = ask.onblocked = () => resolve(ask)));

  // What this device holds, null for nothing: an empty database made by the way would have none of the stores that
  // visit-store.js makes with its own.
  async function openVisits() {
    const ask = indexedDB.open(VISITS);
    ask.onupgradeneeded = () => ask.transaction.abort();
    await answered(ask);
    return ask.error ? null : ask.result;
  }

  // Of this person everything goes, or (`others`) nothing; of others what the server has too. Says whether nothing
  // is left. What names a visit stays with the words that wait for it.
  async function clearVisits(db, others) {
    const tx = db.transaction(["visits", "entries", "photos", "bytes"], "readwrite");
    const store = (name) => tx.objectStore(name);
    const done = new Promise((resolve) => (tx.oncomplete = tx.onabort = resolve));
    const all = await Promise.all(["entries", "photos", "visits"].map((name) => answered(store(name).getAll())));
    const [entries, photos, visits] = all.map((ask) => ask.result);
    const isMine = (row) => row.user === user();
    const stays = (row) => (isMine(row) ? others : !row.sent);
    for (const photo of photos.filter((row) => !stays(row))) {
      store("photos").delete(photo.id);
      store("bytes").delete(photo.id);
    }
    for (const entry of entries) if (isMine(entry) && !others) store("entries").delete(entry.seq);
    const left = [...entries.filter((row) => others || !isMine(row)), ...photos.filter(stays)];
    const isNamed = (visit) => left.some((row) => row.user === visit.user && row.visit === visit.visit);
    for (const visit of visits.filter((row) => !(isMine(row) && others))) {
      if (isNamed(visit)) store("visits").put({ ...visit, values: {}, conflicts: [], photos: [], dues: {} });
      else store("visits").delete([visit.user, visit.visit]);
    }
    await done;
    return !left.length && !(others && visits.some(isMine));
  }

  // Whom the worker of visits shows what lies here: who was seen logged in last, nobody while a log-in is under way.
  async function remember(who) {
    await (await self.caches?.open("kcl-nguoi"))?.put("/kcl-nguoi", new Response(who));
  }

  async function begun() {
    if ((localStorage.getItem(DEVICE) || user()) !== user()) await forgetVisits(true);
    await remember(user());
  }

  if (user()) begun().catch(() => {}); // a browser that keeps nothing
  document.addEventListener("submit", ({ target }) => {
    if (!user() && target.querySelector("input[type=password]")) remember("").catch(() => {});
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-drop-draft]");
    if (!link) return;
    const form = document.getElementById(link.dataset.dropDraft);
    if (form) {
      drop(keyOf(form));
      delete form.dataset.dirty;
    }
  });

  // --- what the rules found may grow or shrink above a field; the field does not move under the pointer ------

  let heldTop = null;
  const belowChecks = () => document.querySelector("#kiem-muc + h2");
  document.addEventListener("htmx:beforeSwap", () => {
    const mark = belowChecks();
    heldTop = mark ? mark.getBoundingClientRect().top : null;
  });
  document.addEventListener("htmx:afterSwap", () => {
    const mark = belowChecks();
    if (!mark || heldTop === null) return;
    const box = mark.previousElementSibling;
    const off = () => mark.getBoundingClientRect().top - heldTop;
    box.style.minHeight = "";
    if (off() > 0) box.parentElement.style.paddingBottom = `${off()}px`; // room to scroll on a short page
    window.scrollBy({ top: off(), behavior: "instant" });
    if (off() < 0) box.style.minHeight = `${box.offsetHeight - off()}px`; // no page scrolls above its top
  });

  // --- where the eye and the keyboard go after a change of the table -----------------------------------------

  let lastOpen = null;
  let lastButton = "";
  let lastRow = null;
  const buttonLike = (one) =>
    one?.form && one.getAttribute("form") ? `button[form="${one.getAttribute("form")}"][value="${one.value}"]` : "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    const open = document.querySelector("form[data-open-row]");
    if (!event.detail.target.matches("[data-table]")) return;
    lastOpen = open ? open.closest("tr").id : null;
    lastButton = buttonLike(document.activeElement);
    lastRow = event.detail.target.contains(document.activeElement) && document.activeElement.closest("tr[id]")?.id;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.detail.target.matches("[data-table]")) return;
    const open = document.querySelector("form[data-open-row]");
    const undo = document.querySelector(".kcl-undo button");
    if (undo) {
      undo.focus({ preventScroll: true });
      undo.closest("tr").scrollIntoView({ block: "center" });
    } else if (open && open.closest("tr").id !== lastOpen) {
      const first = open.querySelector("select, textarea, input[type=text]");
      const field = first && first.matches("select") && first.value ? open.querySelector("textarea") : first;
      if (field) field.focus({ preventScroll: true });
      open.closest("tr").scrollIntoView({ block: "nearest" });
    } else if (open && lastButton) {
      // moved up or down: the hand stays on the same button, the eye goes along with the row
      const again = document.querySelector(lastButton);
      if (again) again.focus({ preventScroll: true });
      open.closest("tr").scrollIntoView({ block: "nearest" });
    } else if (!open && lastOpen && !document.querySelector(".kcl-undo")) {
      const link = document.querySelector(`#${lastOpen} a`);
      if (link) link.focus();
    } else if (lastRow && document.activeElement === document.body) {
      document.querySelector(`#${lastRow} a`)?.focus({ preventScroll: true });
    }
  });

  // A line below a field was drawn anew by the button in it: the hand goes back to the field.
  document.addEventListener("htmx:afterSettle", (event) => {
    const line = event.detail.target;
    if (!line.matches?.(".kcl-reading") || document.activeElement !== document.body) return;
    document.querySelector(`[aria-describedby~="${line.id}"]`)?.focus({ preventScroll: true });
  });

  // A part drawn anew by the button in it: the hand goes to the words that answer the press, else to the part's head.
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.target;
    if (!part.matches?.(".kcl-talk, #cac-diem-yeu") || document.activeElement !== document.body) return;
    const drawn = document.getElementById(part.id);
    (drawn?.querySelector("[tabindex='-1']") || drawn?.querySelector("summary"))?.focus({ preventScroll: true });
  });

  // A list of links drawn anew under the keyboard: it stays open, and the hand stays at the same link.
  const held = new WeakMap();

  function hold(part) {
    const at = part.contains(document.activeElement) ? document.activeElement : null;
    const link = at?.matches("summary") ? "summary" : at?.hasAttribute("href") && `a[href="${at.getAttribute("href")}"]`;
    held.set(part, { link, isOpen: part.querySelector("details")?.open });
  }

  function giveBack(part) {
    const { link, isOpen } = held.get(part) || {};
    const list = part.querySelector("details");
    if (list && isOpen) list.open = true;
    if (!link || part.contains(document.activeElement)) return;
    [...part.querySelectorAll(link)].find((one) => one.offsetParent)?.focus({ preventScroll: true });
  }

  document.addEventListener("htmx:oobBeforeSwap", (event) => hold(event.detail.target));
  document.addEventListener("htmx:oobAfterSwap", (event) => giveBack(event.detail.target));
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "kiem-muc") hold(event.detail.target);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "kiem-muc") giveBack(event.detail.target);
  });

  // --- text fields that know Word's habits --------------------------------------------------------------------

  function insert(area, text) {
    area.focus();
    // execCommand keeps the field's own undo, which setRangeText does not.
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  function wrap(area, mark) {
    const { selectionStart: from, selectionEnd: to, value } = area;
    const chosen = value.slice(from, to);
    const bare = chosen.startsWith(mark) && chosen.endsWith(mark) && chosen.length > 2 * mark.length;
    insert(area, bare ? chosen.slice(mark.length, -mark.length) : mark + (chosen || "chữ") + mark);
    if (!chosen) area.setSelectionRange(from + mark.length, from + mark.length + 3);
  }

  function list(area, numbered) {
    const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const end = area.value.indexOf("\n", area.selectionEnd);
    const to = end < 0 ? area.value.length : end;
    const lines = area.value.slice(from, to).split("\n");
    const isList = lines.every((line) => (numbered ? /^\d+\. / : /^- /).test(line));
    const bare = lines.map((line) => line.replace(/^(- |\d+\. )/, ""));
    const made = isList ? bare : bare.map((line, i) => (numbered ? `${i + 1}. ${line}` : `- ${line}`));
    area.setSelectionRange(from, to);
    insert(area, made.join("\n"));
  }

  function newLine(area, event) {
    if (event.isComposing || area.selectionStart !== area.selectionEnd) return;
    const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const line = area.value.slice(from, area.selectionStart);
    const mark = /^(- |(\d+)\. )/.exec(line);
    if (!mark) return;
    event.preventDefault();
    if (line === mark[0]) {
      area.setSelectionRange(from, area.selectionStart);
      insert(area, "\n");
    } else {
      insert(area, "\n" + (mark[2] ? `${Number(mark[2]) + 1}. ` : "- "));
    }
  }

  // Words from Word: lists, bold and italic are kept in the field's own signs, all else is dropped.
  function fromHtml(html) {
    // The page's own policy holds for parsed HTML too: what it would refuse is taken out or renamed before.
    const safe = html
      .replace(/<(style|script|xml)\b[\s\S]*?<\/\1\s*>/gi, "")
      .replace(/\sstyle\s*=/gi, " data-look=")
      .replace(/\s(on\w+|src|srcset|background)\s*=/gi, " data-none=");
    const page = new DOMParser().parseFromString(safe, "text/html");
    for (const junk of page.querySelectorAll("style, script, meta, link, title")) junk.remove();
    const lines = [];
    let line = "";
    const flush = () => {
      if (line.trim()) lines.push(tidy(line));
      line = "";
    };
    const walk = (node, marks) => {
      if (node.nodeType === Node.TEXT_NODE) {
        const text = node.textContent.replace(/[\s\u00a0]+/g, " ");
        if (!text.trim()) line += line && !line.endsWith(" ") ? " " : "";
        else line += text.replace(/^( ?)(.*?)( ?)$/, (_, a, b, c) => a + marks + b + [...marks].reverse().join("") + c);
        return;
      }
      if (node.nodeType !== Node.ELEMENT_NODE) return;
      const tag = node.tagName;
      const block = /^(P|DIV|LI|TR|H[1-6]|UL|OL|TABLE|BLOCKQUOTE)$/.test(tag);
      if (block) flush();
      if (tag === "BR") flush();
      if (tag === "LI") {
        const parent = node.parentElement;
        const index = [...parent.children].indexOf(node) + (Number(parent.getAttribute("start")) || 1);
        line = parent.tagName === "OL" ? `${index}. ` : "- ";
      }
      const look = node.dataset.look || "";
      const light = /font-weight:\s*(normal|400)/.test(look);
      const weight = (/^(B|STRONG)$/.test(tag) && !light) || /font-weight:\s*(bold|[6-9]00)/.test(look);
      const slant = /^(I|EM)$/.test(tag) || /font-style:\s*italic/.test(look);
      const inner = weight && !marks.includes("**") ? marks + "**" : slant && !marks.includes("__") ? marks + "__" : marks;
      for (const child of node.childNodes) walk(child, inner);
      if (tag === "TD") line += " ";
      if (block) flush();
    };
    walk(page.body, "");
    flush();
    return lines.join("\n");
  }

  const tidy = (line) =>
    line
      .replace(/^\s*[·•▪●◦‣o§ü\u2013-][\s\u00a0]+/, "- ")
      .replace(/^\s*(\d{1,3})[.)][\s\u00a0]+/, "$1. ")
      .replace(/\*\*\*\*|____/g, "")
      .trim();

  function paste(event) {
    const area = event.target;
    if (!(area instanceof HTMLTextAreaElement) || !area.closest("form[data-autosave]")) return;
    const html = event.clipboardData.getData("text/html");
    const plain = event.clipboardData.getData("text/plain");
    const text = html ? fromHtml(html) : plain.split(/\r?\n/).map(tidyPlain).join("\n");
    if (!text) return;
    event.preventDefault();
    insert(area, text);
  }

  const tidyPlain = (line) =>
    line.replace(/^[ \t]*[·•▪●◦‣][\s\u00a0]*/, "- ").replace(/^[ \t]*(\d{1,3})[.)]\t/, "$1. ");

  function toolbar(area) {
    if (area.dataset.typed !== "text" || area.previousElementSibling?.classList.contains("kcl-tools")) return;
    const bar = element("div", "kcl-tools");
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Định dạng chữ");
    const tools = [
      ["Đậm", () => wrap(area, "**")],
      ["Nghiêng", () => wrap(area, "__")],
      ["– Gạch đầu dòng", () => list(area, false)],
      ["1. Đánh số", () => list(area, true)],
    ];
    for (const [label, run] of tools) {
      const button = element("button", "kcl-tool", label);
      button.type = "button";
      button.addEventListener("click", run);
      bar.append(button);
    }
    bar.append(element("span", "kcl-soft", "Chữ giữa hai dấu ** in đậm, giữa hai dấu __ in nghiêng."));
    area.before(bar);
  }

  document.addEventListener("keydown", (event) => {
    const area = event.target;
    if (!(area instanceof HTMLTextAreaElement) || !area.closest("form[data-autosave]")) return;
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey) newLine(area, event);
    if (event.ctrlKey && !event.altKey && !event.metaKey) {
      const mark = { b: "**", i: "__" }[event.key.toLowerCase()];
      if (mark) {
        event.preventDefault();
        wrap(area, mark);
      }
    }
  });
  document.addEventListener("paste", paste);

  // --- beginning ------------------------------------------------------------------------------------------

  function begin(root) {
    for (const area of root.querySelectorAll("textarea[data-typed]")) toolbar(area);
    for (const form of root.querySelectorAll("form[data-autosave]")) {
      // Typed before htmx listened: no event will send it.
      const early = [...form.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue);
      agreed.set(form, values(form));
      restore(form);
      if (!early) continue;
      keep(form);
      htmx.trigger(form, "submit");
    }
  }

  // An action of last year that is done does not go on, unless the person ticks it again.
  document.addEventListener("change", (event) => {
    const box = document.getElementById(event.target.dataset?.unticks || "");
    if (box) box.checked = event.target.value !== "done";
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.matches("[data-table]")) begin(event.detail.target);
  });
  document.addEventListener("DOMContentLoaded", () => {
    begin(document);
    listPending();
    const first = document.querySelector("[role=alert][tabindex]");
    if (first) first.focus();
  });

  // What live.js puts others' words in place with.
  window.KCL = { agreed, fillOne, giveBack, hold, keep, same, values, versionOf };
})();
