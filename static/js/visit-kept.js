/* The page of what this device holds: visits that open without a network, and words that were never sent. */
"use strict";

(() => {
  const store = self.KCLStore;

  function element(tag, classes, text) {
    const made = document.createElement(tag);
    if (classes) made.className = classes;
    if (text) made.textContent = text;
    return made;
  }

  async function draw() {
    const place = document.getElementById("dang-giu");
    const all = await store.visits();
    const visits = all.filter((one) => one.user === place.dataset.user);
    if (!visits.length) place.append(element("p", "kcl-soft", "Trên máy này chưa tải về buổi kiểm tra nào. Khi có mạng, quý vị mở trang ghi biên bản của buổi kiểm tra một lần để tải về."));
    for (const visit of visits) place.append(await one(visit, place.dataset.why));
    let others = 0;
    for (const visit of all.filter((one) => !visits.includes(one))) others += await store.unsent(visit);
    if (others) place.append(element("p", "kcl-soft", `Người khác còn ${others} mục chưa gửi trên máy này; đăng nhập bằng tài khoản của người ấy để xem và gửi.`));
  }

  async function one(visit, why) {
    const box = element("section", "kcl-block");
    const entries = await store.pending(visit);
    const photos = (await store.photos(visit)).filter(store.isUnsent);
    const head = element("h2", "kcl-ui");
    if (why === "closed") head.textContent = visit.label || "Buổi kiểm tra";
    else {
      const link = element("a", "", visit.label || "Buổi kiểm tra");
      link.href = visit.page;
      head.append(link);
    }
    box.append(head);
    const count = store.countOf(entries, photos);
    box.append(element("p", count ? "kcl-unsent" : "kcl-saved", count ? `${count} mục chưa gửi` : "Không có mục nào chờ gửi"));
    if (!count) return box;
    const list = element("dl");
    for (const entry of store.told(entries)) {
      list.append(element("dt", "kcl-soft", [entry.title, entry.label].filter(Boolean).join(" · ")));
      list.append(element("dd", "kcl-doc kcl-plain", entry.shown || "(để trống)"));
    }
    for (const photo of photos) {
      list.append(element("dt", "kcl-soft", photo.title));
      const shown = element("dd");
      const image = element("img", "kcl-photo");
      image.src = photo.small;
      image.alt = photo.caption || "Ảnh chưa gửi";
      shown.append(image);
      list.append(shown);
    }
    box.append(list);
    return box;
  }

  draw();
})();
