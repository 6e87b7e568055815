/* What a visit keeps on the device (IndexedDB): the last known record, what is not yet sent, photos. Used by the
   record page and by the service worker, so it touches no page. Every write waits for the disk ("strict"): what a
   promise of this file has answered survives the end of the browser. */
"use strict";

(() => {
  const NAME = "kcl-kiem-tra";
  const BATCH = 500; // entries the server takes at once
  const BATCH_BYTES = 1500000; // the server takes 2 MB
  const TOO_LONG = "Lời ghi dài quá nên không gửi được.";

  let opened = null;

  function open() {
    opened ||= new Promise((resolve, reject) => {
      const ask = indexedDB.open(NAME, 1);
      ask.onupgradeneeded = () => {
        const db = ask.result;
        db.createObjectStore("visits", { keyPath: ["user", "visit"] });
        const entries = db.createObjectStore("entries", { keyPath: "seq", autoIncrement: true });
        entries.createIndex("id", "id", { unique: true });
        entries.createIndex("visit", ["user", "visit"]);
        entries.createIndex("field", ["user", "visit", "target", "field"]);
        db.createObjectStore("photos", { keyPath: "id" }).createIndex("visit", ["user", "visit"]);
        db.createObjectStore("bytes", { keyPath: "id" });
      };
      ask.onsuccess = () => {
        const db = ask.result;
        const over = () => {
          db.close();
          opened = null;
        };
        db.onversionchange = over;
        db.onclose = over;
        resolve(db);
      };
      ask.onerror = () => {
        opened = null;
        reject(ask.error);
      };
    });
    return opened;
  }

  // One transaction: all of it, or nothing. Resolves with what `run` returned once the disk has it.
  async function work(stores, mode, run) {
    const db = await open();
    return new Promise((resolve, reject) => {
      const tx = db.transaction(stores, mode, { durability: mode === "readwrite" ? "strict" : "default" });
      let answer;
      let trouble = null;
      tx.oncomplete = () => resolve(answer);
      tx.onabort = () => reject(tx.error || trouble || new DOMException("aborted", "AbortError"));
      run(tx).then(
        (made) => {
          answer = made;
        },
        (error) => {
          trouble = error;
          try {
            tx.abort();
          } catch {
            reject(error);
          }
        },
      );
    });
  }

  const asked = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  const place = (target, field) => `${target} ${field}`;
  const keyOf = (who) => [who.user, who.visit];

  // --- the record as last known --------------------------------------------------------------------------

  // `device` is this browser's name to the server. It lies with the words: localStorage may lose its last seconds.
  const blank = (who) => ({ ...who, device: crypto.randomUUID(), values: {}, conflicts: [], photos: [], state: "", label: "", page: "" });

  const readVisit = (who) =>
    work(["visits"], "readonly", async (tx) => (await asked(tx.objectStore("visits").get(keyOf(who)))) || blank(who));

  // Take newer revisions of single fields; an older answer that comes late changes nothing.
  function takeValues(known, values) {
    for (const [target, fields] of Object.entries(values || {})) {
      const mine = (known.values[target] ||= {});
      for (const [field, [value, revision]] of Object.entries(fields)) {
        if (!mine[field] || mine[field][1] <= revision) mine[field] = [value, revision];
      }
    }
  }

  function takeAnswer(known, answer) {
    takeValues(known, answer.values);
    for (const name of ["conflicts", "photos", "state", "closed_words", "writable", "notice", "server_time", "dues"]) {
      if (answer[name] !== undefined) known[name] = answer[name];
    }
  }

  // Keep what the server says of the whole record; `more` are words for the list of visits on this device.
  const keepBundle = (who, answer, more) =>
    work(["visits"], "readwrite", async (tx) => {
      const store = tx.objectStore("visits");
      const known = (await asked(store.get(keyOf(who)))) || blank(who);
      takeAnswer(known, answer);
      Object.assign(known, more, { keptAt: Date.now() });
      store.put(known);
      return known;
    });

  // --- what is not yet sent ------------------------------------------------------------------------------

  // One change of one field. What is unsent for the same field takes the new words; what is on its way keeps its
  // id and its words, and the new words wait behind it (`base` null until its answer comes).
  const write = (who, { target, field, value, base, at, title = "", label = "", shown = "", settles = null, isOwn = true }) =>
    work(["entries", "visits"], "readwrite", async (tx) => {
      const store = tx.objectStore("entries");
      const same = await asked(store.index("field").getAll([who.user, who.visit, target, field]));
      const free = same.filter((one) => !one.sent || one.words);
      const isBehind = same.some((one) => one.sent && !one.words);
      const kept = settles ? null : free.filter((one) => !one.words).sort(bySeq).at(-1);
      // Settled: what waited behind one's own conflict is decided with it; behind others' it still goes to the log.
      const gone = settles ? (isOwn ? free : []) : free.filter((one) => one.words);
      for (const one of gone) store.delete(one.seq);
      if (settles) await dropConflict(tx, who, settles);
      if (kept) {
        store.put({ ...kept, value, shown, at });
        return kept.id;
      }
      const made = { ...who, id: crypto.randomUUID(), target, field, value, shown, at, title, label, sent: false, words: "" };
      made.base = isBehind && !settles ? null : base;
      if (settles) made.settles = settles;
      store.add(made);
      return made.id;
    });

  async function dropConflict(tx, who, id) {
    const visits = tx.objectStore("visits");
    const known = await asked(visits.get(keyOf(who)));
    if (!known) return;
    known.conflicts = known.conflicts.filter((one) => one.id !== id);
    visits.put(known);
  }

  const bySeq = (a, b) => a.seq - b.seq;

  const pending = (who) =>
    work(["entries"], "readonly", async (tx) =>
      (await asked(tx.objectStore("entries").index("visit").getAll(keyOf(who)))).sort(bySeq),
    );

  // The next entries to send, marked as being on their way before they go. One entry a field: what waits behind
  // it, or behind a conflict that somebody has to settle, goes later. What is too long for any packet is refused here:
  // `isRefused` says that there was such.
  const nextBatch = (who) =>
    work(["entries", "visits"], "readwrite", async (tx) => {
      const store = tx.objectStore("entries");
      const known = (await asked(tx.objectStore("visits").get(keyOf(who)))) || blank(who);
      const own = known.conflicts.filter((one) => one.device === known.device);
      const held = new Set(own.map((one) => place(one.target, one.field)));
      const seen = new Set();
      const batch = [];
      let isRefused = false;
      let bytes = 0;
      for (const entry of (await asked(store.index("visit").getAll(keyOf(who)))).sort(bySeq)) {
        if (entry.words) continue;
        const spot = place(entry.target, entry.field);
        if (seen.has(spot)) continue;
        const size = bytesOf(entry);
        if (size > BATCH_BYTES) {
          store.put({ ...entry, words: TOO_LONG });
          isRefused = true;
          continue;
        }
        seen.add(spot);
        // What was on its way once keeps going: its answer may have been lost.
        if (held.has(spot) && !entry.settles && !entry.sent) continue;
        bytes += size;
        if (batch.length === BATCH || bytes > BATCH_BYTES) break;
        entry.base ??= known.values[entry.target]?.[entry.field]?.[1] ?? 0;
        entry.sent = true;
        store.put(entry);
        batch.push(entry);
      }
      return { batch, isRefused };
    });

  // What an entry takes of a packet: its words as JSON, and room for the rest of it.
  const bytesOf = ({ target, field, value }) => new TextEncoder().encode(JSON.stringify([target, field, value])).length + 400;

  // Take the server's answer: what it has is dropped here, what it refused stays with its words.
  const acknowledge = (who, answer) =>
    work(["entries", "visits"], "readwrite", async (tx) => {
      const store = tx.objectStore("entries");
      const visits = tx.objectStore("visits");
      const known = (await asked(visits.get(keyOf(who)))) || blank(who);
      for (const result of answer.results || []) {
        const entry = await asked(store.index("id").get(result.id));
        if (entry) await settleOne(store, known, entry, result);
      }
      takeAnswer(known, answer);
      visits.put(known);
      return known;
    });

  async function settleOne(store, known, entry, result) {
    const behind = (await asked(store.index("field").getAll([entry.user, entry.visit, entry.target, entry.field]))).filter(
      (one) => one.seq > entry.seq && one.base === null,
    );
    const taken = result.outcome === "saved" || result.outcome === "same";
    if (taken) takeValues(known, { [entry.target]: { [entry.field]: [entry.value, result.revision] } });
    if (taken) for (const one of behind) store.put({ ...one, base: result.revision });
    else for (const one of behind) store.put({ ...one, base: entry.base });
    if (result.outcome === "refused") {
      store.put({ ...entry, words: result.words || "Máy chủ không ghi được mục này." });
    } else store.delete(entry.seq);
  }

  // --- photos --------------------------------------------------------------------------------------------

  // Words and picture together: a photo that is listed has its bytes.
  const addPhoto = (who, photo, bytes) =>
    work(["photos", "bytes"], "readwrite", async (tx) => {
      tx.objectStore("photos").add({ ...who, ...photo, sent: false, removed: false, words: "" });
      tx.objectStore("bytes").add({ id: photo.id, bytes });
    });

  const photos = (who) =>
    work(["photos"], "readonly", async (tx) => asked(tx.objectStore("photos").index("visit").getAll(keyOf(who))));

  const photoBytes = (id) =>
    work(["bytes"], "readonly", async (tx) => (await asked(tx.objectStore("bytes").get(id)))?.bytes);

  const changePhoto = (id, changes) =>
    work(["photos", "bytes"], "readwrite", async (tx) => {
      const store = tx.objectStore("photos");
      const found = await asked(store.get(id));
      if (!found) return null;
      const made = { ...found, ...changes };
      store.put(made);
      // The server has it: the small picture is enough here.
      if (made.sent) tx.objectStore("bytes").delete(id);
      return made;
    });

  // It is on its way: from now on the server may have it, whatever becomes of the answer. Returns it as it goes.
  const tryPhoto = (id) =>
    work(["photos"], "readwrite", async (tx) => {
      const store = tx.objectStore("photos");
      const found = await asked(store.get(id));
      const made = { ...found, tried: [...new Set([...(found.tried || []), found.caption])] };
      store.put(made);
      return made;
    });

  // The server has it, with the caption of the try that reached it: what was changed here since follows as entries.
  const photoSent = (who, id, answer) =>
    work(["photos", "bytes", "entries"], "readwrite", async (tx) => {
      const store = tx.objectStore("photos");
      const found = await asked(store.get(id));
      if (!found || found.sent) return;
      store.put({ ...found, sent: true, url: answer.url, words: "" });
      tx.objectStore("bytes").delete(id);
      const follow = (field, value, base) =>
        tx.objectStore("entries").add({
          ...who, id: crypto.randomUUID(), target: `photo:${id}`, field, value, base, shown: field === "caption" ? value : "Bỏ ảnh",
          at: new Date().toISOString(), title: found.title, label: field === "caption" ? "Chú thích ảnh" : "Bỏ ảnh", sent: false, words: "",
        });
      if (found.removed && !isOn(answer.removed)) follow("removed", "1", null);
      const isAsSent = found.tried?.length === 1 && found.tried[0] === found.caption;
      if (found.caption !== answer.caption && !isAsSent) follow("caption", found.caption, 0);
    });

  const isOn = (value) => value === true || value === "1";
  // Taken back, but perhaps there already: then it has to be taken back there too.
  const isUnsent = (photo) => !photo.sent && (!photo.removed || Boolean(photo.tried?.length));

  // --- all visits of this device -------------------------------------------------------------------------

  const visits = () => work(["visits"], "readonly", async (tx) => asked(tx.objectStore("visits").getAll()));

  // What a page calls "mục chưa gửi": each place that has something to send, and each photo.
  const countOf = (entries, kept) => new Set(entries.map((one) => one.target)).size + kept.length;

  const unsentOf = (tx, who) =>
    Promise.all([
      asked(tx.objectStore("entries").index("visit").getAll(keyOf(who))),
      asked(tx.objectStore("photos").index("visit").getAll(keyOf(who))),
    ]).then(([entries, kept]) => countOf(entries, kept.filter(isUnsent)));

  const ROWS = { recommendation: "kiến nghị", attendee: "người dự", photo: "ảnh" };

  // Entries as people read them: a row taken back in words, without the place of a new one that nobody typed.
  const told = (entries) =>
    entries
      .filter((one) => one.field !== "finding" || one.words)
      .map((one) => {
        const row = ROWS[one.target.split(":")[0]];
        if (one.field === "removed") return { ...one, label: "", shown: `${one.value ? "Đã bỏ" : "Đã lấy lại"} ${row}` };
        return one.field === "finding" ? { ...one, label: "", shown: `Thêm ${row}` } : one;
      });

  const unsent = (who) => work(["entries", "photos"], "readonly", (tx) => unsentOf(tx, who));

  // Forget a visit, but for what waits to be sent and the words that name it. Says whether nothing is left.
  const forgetIfSent = (who) =>
    work(["visits", "entries", "photos", "bytes"], "readwrite", async (tx) => {
      const isSent = !(await unsentOf(tx, who));
      for (const one of await asked(tx.objectStore("photos").index("visit").getAll(keyOf(who)))) {
        if (!isSent && isUnsent(one)) continue;
        tx.objectStore("photos").delete(one.id);
        tx.objectStore("bytes").delete(one.id);
      }
      const visits = tx.objectStore("visits");
      const known = await asked(visits.get(keyOf(who)));
      if (isSent) visits.delete(keyOf(who));
      else if (known) visits.put({ ...known, values: {}, conflicts: [], photos: [], dues: {} });
      return isSent;
    });

  self.KCLStore = {
    NAME, write, pending, nextBatch, acknowledge, readVisit, keepBundle, visits, unsent, forgetIfSent,
    addPhoto, photos, photoBytes, changePhoto, tryPhoto, photoSent, isUnsent, countOf, told,
  };
})();
