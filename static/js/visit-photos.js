/* Photos of a visit: made small and free of place and device on this device, kept, shown, sent later. */
"use strict";

(() => {
  const store = self.KCLStore;
  const { element, button, icon, byId, itemOf } = self.KCLFields;
  const SIDE = 2000; // px, the longer side
  const SMALL = 240;
  const QUALITY = 0.85;
  const AGAIN_MS = 3000; // after the disk refused a photo
  const WORDS = {
    unreadable: "Máy này không đọc được ảnh ấy. Quý vị chụp lại, hoặc chọn ảnh JPEG, PNG.",
    full: "Máy này hết chỗ nên chưa lưu được. Quý vị xóa bớt ảnh hoặc tệp trên máy và giữ trang này mở, có chỗ là máy tự lưu.",
    unkept: "Máy này chưa lưu được. Quý vị giữ trang này mở, máy đang thử lại.",
    working: "Đang thu nhỏ ảnh và xóa vị trí khỏi ảnh…",
  };

  function drawn(image, side) {
    const scale = Math.min(1, side / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // what a PNG leaves open would be black
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  // A new picture of the points alone: place, device and time that the camera wrote beside them do not come along.
  async function shrink(file) {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    try {
      const canvas = drawn(image, SIDE);
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
      if (!blob) throw new Error("no picture");
      const small = drawn(canvas, SMALL).toDataURL("image/jpeg", 0.7);
      canvas.width = canvas.height = 0; // a phone gives little memory back by itself
      return { bytes: await blob.arrayBuffer(), small };
    } finally {
      image.close();
    }
  }

  // `who` is {user, visit}; `write(target, field, value)` keeps an entry; `kept()` says that something was kept.
  function album({ who, write, kept, now, isWritable }) {
    let local = [];
    let server = [];
    let loose = []; // [photo, bytes] that the disk refused: they live as long as this page

    async function take(input) {
      const item = itemOf(input);
      const status = item.querySelector("[data-photo-status]");
      const files = [...input.files];
      input.value = "";
      let odd = 0;
      let at = 0;
      while (at < files.length && !loose.length) {
        status.textContent = WORDS.working + (files.length > 1 ? ` (${at + 1} trên ${files.length})` : "");
        if (!(await keep(files[at], item))) odd += 1;
        at += 1;
      }
      status.textContent = [odd && oddWords(odd, files.length), loose.length && looseWords(files.length - at)].filter(Boolean).join(" ");
      await draw();
    }

    const oddWords = (odd, count) => (count > 1 ? `Máy này không đọc được ${odd} trong ${count} ảnh. Quý vị chọn ảnh JPEG, PNG.` : WORDS.unreadable);
    const looseWords = (left) => loose[0][0].words + (left ? ` Còn ${left} ảnh chưa lấy, quý vị chọn lại khi máy có chỗ.` : "");

    // Says whether it was a picture.
    async function keep(file, item) {
      let made;
      try {
        made = await shrink(file);
      } catch {
        return false;
      }
      const photo = {
        id: crypto.randomUUID(),
        target: item.dataset.target,
        title: item.dataset.title,
        caption: "",
        taken_at: now().toISOString(),
        small: made.small,
      };
      try {
        await store.addPhoto(who, photo, made.bytes);
      } catch (error) {
        hold(photo, made.bytes, error);
      }
      await draw();
      kept();
      return true;
    }

    // Not kept and not called so: tried again as long as the page is open.
    function hold(photo, bytes, error) {
      loose.push([{ ...photo, words: error.name === "QuotaExceededError" ? WORDS.full : WORDS.unkept }, bytes]);
      if (loose.length === 1) setTimeout(keepLoose, AGAIN_MS);
    }

    async function keepLoose() {
      while (loose.length) {
        const [photo, bytes] = loose[0];
        try {
          await store.addPhoto(who, { ...photo, words: "" }, bytes);
        } catch {
          setTimeout(keepLoose, AGAIN_MS);
          return;
        }
        loose = loose.filter(([one]) => one !== photo);
        tellAt(photo.target, "");
        await draw();
        kept();
      }
    }

    // What the server knows and what lies here, by id; here goes first while it was not sent.
    function all() {
      const found = new Map(server.map((one) => [one.id, { ...one, sent: true, removed: isOn(one.removed) }]));
      for (const [one] of loose) found.set(one.id, { ...one, loose: true });
      for (const one of local) found.set(one.id, { ...found.get(one.id), ...one, ...serverSays(one.id) });
      return [...found.values()];
    }

    const isOn = (value) => value === true || value === "1";

    function serverSays(id) {
      const one = server.find((photo) => photo.id === id);
      return one ? { sent: true, caption: one.caption, removed: isOn(one.removed), url: one.url } : {};
    }

    async function change(photo, field, value) {
      const [held] = loose.find(([one]) => one.id === photo.id) || [];
      if (held && field === "caption") held.caption = value;
      else if (held) loose = loose.filter(([one]) => one !== held);
      if (held) return draw().then(kept);
      const here = local.find((one) => one.id === photo.id);
      let isKept = true;
      try {
        const made = here && (await store.changePhoto(photo.id, { [field]: field === "removed" ? value === "1" : value }));
        if (!made || made.sent) {
          const known = server.find((one) => one.id === photo.id);
          if (known) known[field] = value;
          isKept = await write(`photo:${photo.id}`, field, value, photo.title);
        }
      } catch {
        tellAt(photo.target, WORDS.full);
        return;
      }
      await draw();
      if (isKept) kept();
    }

    function tellAt(target, words) {
      const place = [...document.querySelectorAll("[data-photos]")].find((one) => one.dataset.photos === target);
      const status = place && itemOf(place).querySelector("[data-photo-status]");
      if (status) status.textContent = words;
    }

    function figure(photo) {
      const made = element("figure", "kcl-photos");
      made.dataset.photoId = photo.id;
      if (photo.removed) {
        const line = element("p", "kcl-undo-line", "Đã bỏ ảnh. ");
        line.append(button("kcl-link", "Hoàn tác", () => change(photo, "removed", "").then(() => focusOn(photo.id, ".kcl-link-danger"))));
        made.append(line);
        made.classList.add("kcl-photos-gone");
        return made;
      }
      const image = element("img");
      image.src = photo.small;
      image.alt = photo.caption || "Ảnh chụp tại chỗ, chưa có chú thích";
      const frame = element("div");
      frame.append(photo.url ? linked(photo, image) : image);
      made.append(frame, words(photo));
      return made;
    }

    function linked(photo, image) {
      const link = element("a");
      link.href = photo.url;
      link.append(image);
      return link;
    }

    function words(photo) {
      const side = element("figcaption");
      if (!isWritable) {
        side.append(element("p", "kcl-doc", photo.caption), element("p", "kcl-soft", stateOf(photo)));
        return side;
      }
      const id = `chu-thich-${photo.id}`;
      const label = element("label", "form-label", "Chú thích ảnh");
      label.htmlFor = id;
      const input = element("input", "form-control");
      Object.assign(input, { id, type: "text", value: photo.caption || "", maxLength: 300, autocomplete: "off" });
      input.addEventListener("change", () => change(photo, "caption", input.value));
      const state = element("p", photo.words ? "kcl-refused-note" : "kcl-soft", stateOf(photo));
      const drop = button("kcl-link kcl-link-danger", "", () =>
        change(photo, "removed", "1").then(() => focusOn(photo.id, ".kcl-undo-line button")),
      );
      drop.append(icon("bin"), " Bỏ ảnh");
      side.append(label, input, state, drop);
      return side;
    }

    function stateOf(photo) {
      if (photo.loose) return photo.words;
      if (photo.words) return `Máy chủ không nhận ảnh này: ${photo.words} Ảnh vẫn giữ trên máy này.`;
      const time = photo.taken_at ? new Date(photo.taken_at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" }) : "";
      return [time && `Chụp lúc ${time}`, photo.sent ? "đã gửi" : "chưa gửi"].filter(Boolean).join(" · ");
    }

    const focusOn = (id, what) => document.querySelector(`[data-photo-id="${id}"] ${what}`)?.focus({ preventScroll: true });

    async function draw() {
      local = await store.photos(who);
      const photos = all();
      for (const place of document.querySelectorAll("[data-photos]")) {
        const mine = photos.filter((one) => one.target === place.dataset.photos);
        const count = mine.filter((one) => !one.removed).length;
        const head = byId(place.dataset.head);
        if (head) head.textContent = count ? `Ảnh (${count})` : "Ảnh";
        const look = JSON.stringify(mine.map((one) => [one.id, one.caption, one.removed, one.sent, one.words, one.url]));
        if (place.dataset.look === look || place.querySelector("input:focus")) continue;
        place.dataset.look = look;
        place.replaceChildren(...mine.map(figure));
      }
    }

    const unkept = () => loose.length;
    const unsent = () => local.filter(store.isUnsent);

    // Addresses of the small pictures that lie on the server alone.
    function elsewhere() {
      const here = new Set(local.map((one) => one.id));
      return server.filter((one) => !isOn(one.removed) && !here.has(one.id)).map((one) => one.small);
    }

    // What the server knows of photos, with what single entries have changed since, sent or not.
    async function know(known, waiting) {
      server = (known.photos || []).map((one) => {
        const changed = Object.entries(known.values[`photo:${one.id}`] || {}).map(([field, [value]]) => [field, value]);
        const mine = waiting.filter((entry) => entry.target === `photo:${one.id}`).map((entry) => [entry.field, entry.value]);
        return { ...one, ...Object.fromEntries([...changed, ...mine]) };
      });
      // Its answer was lost, or came to another page of this device.
      const listed = new Map((known.photos || []).map((one) => [one.id, one]));
      for (const one of await store.photos(who)) if (!one.sent && listed.has(one.id)) await store.photoSent(who, one.id, listed.get(one.id));
      await draw();
    }

    document.addEventListener("change", (event) => {
      if (event.target.matches("input[type=file][data-photo]")) take(event.target);
    });

    return { draw, know, unsent, unkept, elsewhere };
  }

  self.KCLPhotos = { album, shrink };
})();
