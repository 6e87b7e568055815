/* The service worker under /kiem-tra/: keeps the record page of a visit with all that it needs, and serves it where
   there is no network. It keeps no other page. What was typed is not its business: that lies in IndexedDB. */
"use strict";

(() => {
  const PAGES = "kcl-trang";
  const FILES = "kcl-tep";
  const PATIENCE_MS = 4000; // a page that is kept here is not waited for longer
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
    else if (request.mode === "navigate") event.respondWith(RECORD.test(url.pathname) ? record(event, url) : page(request));
  });

  async function file(request) {
    const cache = await caches.open(FILES);
    const copy = await cache.match(request);
    if (!copy || isLasting(request.url)) return copy || fetch(request);
    return fetch(request).catch(() => copy);
  }

  // Any other page: from the network alone; without it, what this device holds.
  async function page(request) {
    try {
      return await fetch(request);
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

  const soonEnough = (asked) =>
    Promise.race([asked, new Promise((_, reject) => setTimeout(() => reject(new Error("slow")), PATIENCE_MS))]);

  // The visit is no longer this person's: its page goes from the device. Words that were never sent do not.
  async function closed(here, answer) {
    await (await caches.open(PAGES)).delete(here);
    const visit = RECORD.exec(new URL(here).pathname)[1];
    const user = await person();
    const isMine = (await self.KCLStore.visits()).some((one) => one.visit === visit && one.user === user);
    return isMine && !(await self.KCLStore.forgetIfSent({ user, visit })) ? keptPage("closed") : answer;
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
    if (event.data?.kind !== "keep") return;
    const here = new URL(event.source.url);
    const url = here.origin + here.pathname;
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
