/* What others change while a page of the editor stands open: asked every few seconds, put in place wherever the
   person is not writing. The server answers with the very parts of the page; without this file the page shows
   them when it is loaded again. */
"use strict";

(() => {
  const { agreed, fillOne, giveBack, hold, keep, same, values, versionOf } = window.KCL;
  const byId = (id) => document.getElementById(id);

  // Put the other person's words into the fields that this person has not touched. Where both changed one field
  // the form keeps its old version, and the next save shows both texts.
  function takeOver(form, fresh) {
    const version = form.querySelector("input[name=version]");
    if (!version || Number(versionOf(fresh)) <= Number(version.value)) return false;
    if (form.classList.contains("htmx-request") || form.querySelector("[data-conflict], [data-refused]")) return false;
    const mine = values(form);
    const theirs = values(fresh);
    const before = agreed.get(form) || mine;
    const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
    const touched = names.filter((name) => !same(mine[name], before[name]));
    const clash = touched.some((name) => !same(theirs[name], before[name]) && !same(theirs[name], mine[name]));
    if (clash) return false;
    const wanted = Object.fromEntries(names.filter((name) => !touched.includes(name)).map((name) => [name, theirs[name] || []]));
    const field = document.activeElement;
    const caret = field && field.form === form && field instanceof HTMLTextAreaElement && [field.selectionStart, field.selectionEnd];
    for (const one of form.elements) if (one.name in wanted) fillOne(one, wanted[one.name]);
    if (caret) field.setSelectionRange(...caret);
    version.value = versionOf(fresh);
    agreed.set(form, theirs);
    takeOverReadings(form, fresh, touched);
    if (touched.length) keep(form);
    return true;
  }

  // What was understood of the words that just came. A line that this person is putting right stays as it is, and
  // so does that of a field with words of their own: the answer to their save brings it anew.
  function takeOverReadings(form, fresh, touched) {
    for (const theirs of fresh.querySelectorAll(".kcl-reading[id]")) {
      const here = byId(theirs.id);
      if (!here || !form.contains(here) || touched.includes(theirs.id.replace(/^hieu-\d+-/, ""))) continue;
      const inputs = [...here.querySelectorAll("input")];
      const lists = [...here.querySelectorAll("option")];
      const changed =
        inputs.some((one) => one.value !== one.defaultValue || one.checked !== one.defaultChecked) ||
        lists.some((one) => one.selected !== one.defaultSelected && (one.selected ? one.index > 0 : true));
      if (changed || here.contains(document.activeElement)) continue;
      const isOpen = here.querySelector("details")?.open;
      here.replaceChildren(...theirs.childNodes);
      const details = here.querySelector("details");
      if (isOpen && details) details.open = true;
    }
  }

  const placeOf = (node) => node.closest("tr[id], section[id]")?.id;
  const slips = (root) => [...root.querySelectorAll("tr[id]")].map((tr) => `${tr.id} ${tr.dataset.version || ""}`);

  // The table as others left it; the open row itself never moves, so that nobody's caret is lost.
  function takeOverTable(place, fresh) {
    const open = place.querySelector("tr.kcl-open");
    const closed = (root) => slips(root).filter((slip) => !open || slip.split(" ")[0] !== open.id);
    const before = new Set(closed(place));
    const after = closed(fresh);
    const ids = (list) => new Set([...list].map((slip) => slip.split(" ")[0]));
    const changed = new Set([...ids(after.filter((slip) => !before.has(slip)))]);
    for (const id of ids(before)) if (!ids(after).has(id)) changed.add(id);
    if (JSON.stringify([...before]) === JSON.stringify(after)) return changed;
    const focus = place.contains(document.activeElement) && document.activeElement.closest("tr[id]")?.id;
    if (!open) {
      place.replaceChildren(...fresh.childNodes);
      htmx.process(place);
      if (focus) byId(focus)?.querySelector("a, button")?.focus({ preventScroll: true });
      return changed;
    }
    const twin = fresh.querySelector(`[id="${open.id}"]`);
    if (!twin) return changed;
    around(open, twin);
    around(open.parentElement, twin.parentElement);
    htmx.process(place);
    return changed;
  }

  function around(node, twin) {
    const [home, other] = [node.parentElement, twin.parentElement];
    for (const one of [...home.children]) if (one !== node && /^(TR|TBODY)$/.test(one.tagName)) one.remove();
    const all = [...other.children].filter((one) => /^(TR|TBODY)$/.test(one.tagName));
    const at = all.indexOf(twin);
    node.before(...all.slice(0, at));
    node.after(...all.slice(at + 1));
  }

  function takeNews(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const apart of fresh.querySelectorAll("[hx-swap-oob]")) apart.remove();
    const since = fresh.querySelector("input[name=since]");
    if (!since) return;
    byId("tin-moi").querySelector("input[name=since]").value = since.value;
    const changed = new Set([""]);
    for (const theirs of fresh.querySelectorAll("form[data-autosave]")) {
      const form = byId(theirs.id);
      if (form && takeOver(form, theirs)) changed.add(placeOf(form));
    }
    for (const theirs of fresh.querySelectorAll("[data-read]")) {
      const here = byId(placeOf(theirs))?.querySelector("[data-read]");
      if (!here || here.textContent === theirs.textContent) continue;
      changed.add(placeOf(here));
      here.replaceChildren(...theirs.childNodes);
    }
    for (const theirs of fresh.querySelectorAll("[data-table]")) {
      const table = byId(theirs.id);
      if (table) for (const id of takeOverTable(table, theirs)) changed.add(id);
    }
    for (const id of ["danh-sach-muc", "buoc-tiep", "kiem-muc"]) {
      const [here, there] = [byId(id), fresh.getElementById(id)];
      if (!here || !there || here.textContent === there.textContent) continue;
      hold(here);
      here.replaceChildren(...there.childNodes);
      giveBack(here);
    }
    const told = [...fresh.querySelectorAll("[data-told]")].filter((one) => changed.has(one.dataset.told));
    if (told.length) byId("tin-moi-loi").textContent = told.slice(0, 3).map((one) => one.textContent).join(" ");
  }

  document.addEventListener("htmx:confirm", (event) => {
    // Nobody looks, or the door is shut: then there is nothing to ask.
    if (event.detail.elt.id === "tin-moi" && (document.hidden || event.detail.elt.dataset.over)) event.preventDefault();
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id !== "tin-moi") return;
    // What stands open here, and what was just deleted here, shall come back so.
    const rows = { mo: "tr.kcl-open[id^=viec-]", xoa: ".kcl-undo[id^=viec-]", dong: "tr.kcl-open[id^=dong-]", bo: ".kcl-undo[id^=dong-]" };
    for (const [name, selector] of Object.entries(rows)) {
      const row = document.querySelector(selector);
      if (row) event.detail.parameters[name] = row.id.replace(/\D+/, "");
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.id !== "tin-moi") return;
    if (event.detail.xhr.status === 200) takeNews(event.detail.xhr.responseText);
    if ([401, 403, 404].includes(event.detail.xhr.status)) event.detail.elt.dataset.over = "1";
  });
})();
