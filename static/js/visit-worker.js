/* The service worker under /kiem-tra/: keeps the record page of a visit with all that it needs, and serves it where
   there is no network, and the small pictures of its photos. It keeps no other page. What was typed is not its business: that lies in IndexedDB. */
"use strict";

(() => {
  const PAGES = "kcl-trang";
  const FILES = "kcl-tep";
  const PATIENCE_MS = 4000; // a page that is kept here is not waited for longer
  const PHOTOS = "kcl-anh";
  const MOST_PHOTOS = 200; // of all visits that are kept here
  const MOST_BYTES = 60 * 1024 * 1024;
  const LOOK_MS = 60000; // how often it is asked whether what is kept may still be
  const PHOTO = /^\/kiem-tra\/(\d+)\/anh\/\d+\/$/;
  const RECORD = /^\/kiem-tra\/(\d+)\/ghi\/$/;
  const { files, kept } = self.KCL;
  const full = (file) => new URL(file, location.href).href;
  const needed = [kept.icon, ...kept.css, ...kept.js].map(full);
  const nice = files.map(full);
  const fixed = [...needed, ...nice];
  const prefix = new URL(kept.css[1].replace(/css\/[^/]*$/, ""), location.href).pathname; // where static files live

  self.addEventListener("install", (event) => {
    keepFiles(nice).catch(() => {}); // letters of another face are letters too
    event.waitUntil(keepFiles(needed).then(() => self.skipWaiting()));
  });
  self.addEventListener("activate", (event) => {
    event.waitUntil(tidy().then(() => self.clients.claim()));
  });

  // A name with a hash of the content never means anything else; other names are a developer's.
  const isLasting = (url) => /\.[0-9a-f]{8,}\.\w+$/.test(new URL(url).pathname);

  async function keepFiles(urls) {
    const cache = await caches.open(FILES);
    await Promise.all(
      urls.map(async (url) => {
        if (!isLasting(url) || !(await cache.match(url))) await cache.add(url);
      }),
    );
  }

  // A page is kept only once every file that it names is: half a page would be worse than the page of before.
  async function keepPage(url, answer) {
    const html = await answer.text();
    const named = [...html.matchAll(/(?:href|src)="([^"#]+)"/g)].map((found) => new URL(found[1], url));
    const ours = named.filter((file) => file.origin === location.origin && file.pathname.startsWith(prefix));
    await keepFiles([...new Set([...needed, ...ours.map((file) => file.href)])]);
    const headers = new Headers(answer.headers);
    headers.delete("Vary");
    headers.set("KCL-User", /<body[^>]* data-user="(\d*)"/.exec(html)?.[1] || "");
    await (await caches.open(PAGES)).put(url, new Response(html, { headers }));
    await tidy();
  }

  // Files of an older release go with the last page that names them.
  async function tidy() {
    const pages = await caches.open(PAGES);
    const cache = await caches.open(FILES);
    const texts = await Promise.all((await pages.matchAll()).map((page) => page.text()));
    for (const request of await cache.keys()) {
      const { href, pathname } = new URL(request.url);
      if (!fixed.includes(href) && !texts.some((text) => text.includes(pathname))) await cache.delete(request);
    }
  }

  const isPage = (answer) =>
    answer.ok && !answer.redirected && (answer.headers.get("Content-Type") || "").includes("text/html");

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== location.origin) return;
    if (url.pathname.startsWith(prefix)) event.respondWith(file(request));
    else if (visitOf(url.href)) event.respondWith(photo(event, url.href));
    else if (request.mode === "navigate") event.respondWith(RECORD.test(url.pathname) ? record(event, url) : page(event));
  });

  async function file(request) {
    const cache = await caches.open(FILES);
    const copy = await cache.match(request);
    if (!copy || isLasting(request.url)) return copy || fetch(request);
    return fetch(request).catch(() => copy);
  }

  // Any other page: from the network alone; without it, what this device holds.
  async function page(event) {
    try {
      const answer = await fetch(event.request);
      event.waitUntil(lookAfter());
      return answer;
    } catch {
      return keptPage();
    }
  }

  // Who was seen logged in last, as kcl.js wrote it; "" for nobody.
  async function person() {
    const written = await (await caches.open("kcl-nguoi")).match("/kcl-nguoi");
    return written ? written.text() : "";
  }

  // The page as it is kept here, for the one whom it was made for.
  async function copyOf(here) {
    const copy = await (await caches.open(PAGES)).match(here);
    const owner = copy?.headers.get("KCL-User");
    return owner && owner === (await person()) ? copy : undefined;
  }

  async function record(event, url) {
    const here = url.origin + url.pathname;
    const copy = await copyOf(here);
    const asked = fetch(event.request);
    asked.catch(() => {});
    try {
      const answer = await (copy ? soonEnough(asked) : asked);
      if (isPage(answer)) event.waitUntil(keepPage(here, answer.clone()).catch(() => {}));
      if (answer.status === 403 || answer.status === 404) return await closed(here, answer);
      return answer.status >= 500 && copy ? copy : answer;
    } catch {
      return copy || keptPage();
    }
  }

  // --- photos of others of the team --------------------------------------------------------------------

  // The visit whose small picture this is an address of; "" for any other address.
  function visitOf(href) {
    const { origin, pathname, search } = new URL(href);
    return (origin === location.origin && search === "?co=nho" && PHOTO.exec(pathname)?.[1]) || "";
  }

  // The server is asked each time, and its no takes the copy away; the copy is for where there is no network.
  async function photo(event, href) {
    const owner = await person();
    const copy = async () => {
      const kept = await (await caches.open(PHOTOS)).match(href);
      return owner && kept?.headers.get("KCL-User") === owner ? kept : undefined;
    };
    try {
      const answer = await fetch(event.request);
      event.waitUntil(keepPhoto(href, answer.clone(), owner).catch(() => {})); // no room: the network still has it
      return (answer.status >= 500 && (await copy())) || answer;
    } catch {
      return (await copy()) || Response.error();
    }
  }

  // A new copy takes the place of the old one once all its bytes are here: a line that breaks takes nothing away.
  async function keepPhoto(href, answer, owner) {
    const cache = await caches.open(PHOTOS);
    if (!answer.ok || !(answer.headers.get("Content-Type") || "").startsWith("image/")) {
      if (answer.status < 500) await cache.delete(href);
      return;
    }
    const bytes = await answer.blob();
    const headers = { "Content-Type": bytes.type, "KCL-User": owner, "KCL-Bytes": String(bytes.size) };
    await cache.put(href, new Response(bytes, { headers }));
    await trimPhotos(cache);
  }

  // What was fetched first goes first.
  async function trimPhotos(cache) {
    let [count, bytes] = [0, 0];
    for (const request of (await cache.keys()).reverse()) {
      count += 1;
      bytes += Number((await cache.match(request))?.headers.get("KCL-Bytes") || 0);
      if (count > MOST_PHOTOS || bytes > MOST_BYTES) await cache.delete(request);
    }
  }

  // `hrefs` are all pictures of a visit by now: the others of it go, what is not here yet is fetched.
  async function takePhotos(visit, hrefs) {
    const cache = await caches.open(PHOTOS);
    const wanted = new Set(hrefs.map(full).filter((href) => visitOf(href) === visit));
    for (const { url } of await cache.keys()) {
      if (visitOf(url) === visit && !wanted.delete(url)) await cache.delete(url);
    }
    const owner = await person();
    for (const href of [...wanted].slice(-MOST_PHOTOS)) {
      const answer = await fetch(href, { credentials: "same-origin", cache: "no-store" });
      await keepPhoto(href, answer, owner);
    }
  }

  const soonEnough = (asked) =>
    Promise.race([asked, new Promise((_, reject) => setTimeout(() => reject(new Error("slow")), PATIENCE_MS))]);

  async function closed(here, answer) {
    return (await forget(here)) ? keptPage("closed") : answer;
  }

  // The visit is no longer this person's: its page and photos go from the device. Words that were never sent do not;
  // says whether there are any.
  async function forget(here) {
    await (await caches.open(PAGES)).delete(here);
    const visit = RECORD.exec(new URL(here).pathname)[1];
    await takePhotos(visit, []);
    const user = await person();
    const isMine = (await self.KCLStore.visits()).some((one) => one.visit === visit && one.user === user);
    return isMine && !(await self.KCLStore.forgetIfSent({ user, visit }));
  }

  // Whoever comes by with a network has what is no longer theirs taken away, whichever page they came for.
  let lookedAt = 0;
  async function lookAfter() {
    if (Date.now() - lookedAt < LOOK_MS) return;
    lookedAt = Date.now();
    try {
      for (const { url } of await (await caches.open(PAGES)).keys()) {
        if (!(await copyOf(url))) continue; // of somebody else: kcl.js takes it away
        const answer = await fetch(url.replace(/ghi\/$/, "goi/"), { headers: { Accept: "application/json" }, cache: "no-store" });
        const isOurs = (answer.headers.get("Content-Type") || "").includes("json"); // and not a proxy's
        if (isOurs && (answer.status === 403 || answer.status === 404)) await forget(url);
      }
    } catch {
      lookedAt = 0; // no network after all
    }
  }

  // A page of the worker's own; visit-kept.js fills it from IndexedDB.
  async function keptPage(why = "offline") {
    const user = await person();
    const links = kept.css.map((href) => `<link rel="stylesheet" href="${href}">`).join("");
    const scripts = kept.js.map((src) => `<script src="${src}" defer></script>`).join("");
    const head = why === "closed" ? "Buổi kiểm tra không còn mở cho quý vị" : "Đang không có mạng";
    const words =
      why === "closed"
        ? "Những điều dưới đây chưa gửi được và vẫn giữ trên máy này. Quý vị chép lại và gửi cho tổ trưởng."
        : "Trang vừa mở cần có mạng. Những buổi kiểm tra đã tải về máy này vẫn mở và ghi được.";
    const html = `<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${head} – Cải tiến chất lượng</title><link rel="icon" href="${kept.icon}" type="image/svg+xml">${links}${scripts}</head>
<body><main class="kcl-visit" id="noi-dung"><h1>${head}</h1><p>${words}</p><div id="dang-giu" data-why="${why}" data-user="${user}" aria-live="polite"></div>
<p><a class="btn btn-primary kcl-big" href="">Thử lại</a></p></main></body></html>`;
    const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";
    return new Response(html, {
      status: why === "closed" ? 403 : 503,
      headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy, "Cache-Control": "no-store" },
    });
  }

  // The record page asks whether it is kept; the first time it came without this worker, which then fetches it.
  self.addEventListener("message", (event) => {
    const here = new URL(event.source.url);
    const url = here.origin + here.pathname;
    const visit = RECORD.exec(here.pathname)?.[1];
    if (visit && event.data?.kind === "photos") event.waitUntil(takePhotos(visit, event.data.urls).catch(() => {}));
    if (visit && event.data?.kind === "closed") event.waitUntil(forget(url));
    if (event.data?.kind !== "keep") return;
    const answer = (isKept) => event.source.postMessage({ kind: isKept ? "kept" : "not-kept" });
    // A page that came through this worker may still be on its way into the cache: then it is fetched once more.
    const ours = event.data.again ? keepNow(url) : isKept(url).then((kept) => kept || keepNow(url));
    event.waitUntil(ours.then(answer));
  });

  const isKept = async (here) => Boolean(await copyOf(here));

  async function keepNow(here) {
    if (!RECORD.test(new URL(here).pathname)) return false;
    try {
      const answer = await fetch(here, { credentials: "same-origin", cache: "no-store" });
      if (isPage(answer)) await keepPage(here, answer);
    } catch {
      /* no network, or no room: what was kept before still counts */
    }
    return isKept(here);
  }
})();
