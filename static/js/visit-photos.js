/* Photos of a visit: made small and free of place and device on this device, kept, shown, sent later. */
"use strict";

(() => {
  const store = self.KCLStore;
  const { element, button, icon, byId, itemOf } = self.KCLFields;
  const SIDE = 2000; // px, the longer side
  const SMALL = 240;
  const QUALITY = 0.85;
  const WORDS = {
    unreadable: "Máy này không đọc được ảnh ấy. Quý vị chụp lại, hoặc chọn ảnh JPEG, PNG.",
    full: "Máy này không còn chỗ để giữ ảnh. Quý vị xóa bớt ảnh hoặc tệp trên máy rồi chụp lại.",
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

    async function take(input) {
      const item = itemOf(input);
      const status = item.querySelector("[data-photo-status]");
      const files = [...input.files];
      input.value = "";
      for (const [index, file] of files.entries()) {
        status.textContent = WORDS.working + (files.length > 1 ? ` (${index + 1} trên ${files.length})` : "");
        const trouble = await keep(file, item);
        status.textContent = trouble;
        if (trouble) break;
      }
      await draw();
    }

    async function keep(file, item) {
      let made;
      try {
        made = await shrink(file);
      } catch {
        return WORDS.unreadable;
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
      } catch {
        return WORDS.full;
      }
      await draw();
      kept();
      return "";
    }

    // What the server knows and what lies here, by id; here goes first while it was not sent.
    function all() {
      const found = new Map(server.map((one) => [one.id, { ...one, sent: true, removed: isOn(one.removed) }]));
      for (const one of local) found.set(one.id, { ...found.get(one.id), ...one, ...serverSays(one.id) });
      return [...found.values()];
    }

    const isOn = (value) => value === true || value === "1";

    function serverSays(id) {
      const one = server.find((photo) => photo.id === id);
      return one ? { sent: true, caption: one.caption, removed: isOn(one.removed), url: one.url } : {};
    }

    async function change(photo, field, value) {
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

    return { draw, know, unsent, elsewhere };
  }

  self.KCLPhotos = { album, shrink };
})();
