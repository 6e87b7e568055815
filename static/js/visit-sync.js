/* Sends what a visit keeps on this device, and fetches what others of the team wrote. Entries go in few large
   packets, each entry under an id of its own, so that a packet sent twice counts once. Nothing is dropped here
   before the server has answered for it. */
"use strict";

(() => {
  const store = self.KCLStore;
  const WAIT_MS = 2000; // first wait after a failure; doubled each time
  const WAIT_MOST_MS = 60000;
  const ANSWER_MS = 45000;
  const TURN_MS = 1000; // while another page of this device sends
  const LOOK_MS = 15000; // how often others' words are asked for while the page is looked at
  const WORDS = {
    offline: "Đang không có mạng. Mọi điều quý vị ghi vẫn giữ trên máy này và sẽ tự gửi khi có mạng.",
    busy: "Máy chủ đang bận. Mọi điều quý vị ghi vẫn giữ trên máy này và sẽ tự gửi lại.",
    full: "Máy này không còn chỗ để giữ. Quý vị xóa bớt ảnh hoặc tệp trên máy rồi bấm \"Gửi ngay\".",
    login: "Phiên đăng nhập đã hết. Mọi điều quý vị ghi vẫn giữ trên máy này; đăng nhập lại để gửi.",
    other: "Trên máy này người khác đang đăng nhập. Mọi điều quý vị ghi vẫn giữ trên máy; đăng nhập lại bằng tài khoản của quý vị để gửi.",
    closed: "Buổi kiểm tra không còn mở để ghi, hoặc quý vị không còn trong tổ. Điều chưa gửi vẫn giữ trên máy này.",
    gone: "Không còn thấy buổi kiểm tra này. Điều chưa gửi vẫn giữ trên máy này.",
    strange: "Máy chủ không đọc được gói vừa gửi. Điều chưa gửi vẫn giữ trên máy này.",
  };

  // An answer that ends this round. `again` says whether it is worth trying by itself.
  class Stopped extends Error {
    constructor(kind, words, again, seconds = 0) {
      super(words);
      Object.assign(this, { kind, words, again, seconds });
    }
  }

  // `who` is {user, visit}; `urls` {bundle, sync, photo}; `tell(state)` draws what the person is to know.
  function sender({ who, urls, tell, changed }) {
    let csrf = "";
    let device = "";
    let cursor = 0; // the last entry of which this device knows
    let failures = 0;
    let timer = 0;
    let isRunning = false;
    let isWanted = false;
    let isClosed = false; // the server said no to this person: only a press asks again

    async function ask(url, options = {}) {
      const stop = new AbortController();
      const clock = setTimeout(() => stop.abort(), ANSWER_MS);
      try {
        const answer = await fetch(url, {
          credentials: "same-origin",
          cache: "no-store",
          redirect: "manual",
          ...options,
          headers: { Accept: "application/json", "X-CSRFToken": csrf, ...options.headers },
          signal: stop.signal,
        });
        return await read(answer);
      } catch (error) {
        if (error instanceof Stopped) throw error;
        const kind = navigator.onLine === false ? "offline" : "busy";
        throw new Stopped(kind, kind === "offline" ? WORDS.offline : WORDS.busy, true);
      } finally {
        clearTimeout(clock);
      }
    }

    async function read(answer) {
      const isJson = (answer.headers.get("Content-Type") || "").includes("json");
      const body = isJson ? await answer.json() : {};
      if (answer.ok && isJson) return body;
      const { status } = answer;
      if (status === 403 && (body.reload || answer.headers.get("KCL-Reload"))) throw new Stopped("token", WORDS.busy, true);
      // What is not in our words comes from something between, e.g. a proxy during a release.
      if (!isJson && (status === 403 || status === 404)) throw new Stopped("busy", WORDS.busy, true);
      if (status === 401 || answer.type === "opaqueredirect") throw new Stopped("login", WORDS.login, false);
      if (status === 403) throw new Stopped("closed", body.words || WORDS.closed, false);
      if (status === 409) throw new Stopped("other", body.words || WORDS.other, false);
      if (status === 404) throw new Stopped("gone", body.words || WORDS.gone, false);
      if (status === 429 || status >= 500) {
        throw new Stopped("busy", WORDS.busy, true, Number(answer.headers.get("Retry-After")) || 0);
      }
      throw new Stopped("strange", body.words || WORDS.strange, false);
    }

    // The whole record as the server has it, and a token that fits the present log-in.
    async function fetchBundle() {
      const answer = await ask(urls.bundle);
      if (String(answer.user) !== who.user) throw new Stopped("other", WORDS.other, false);
      csrf = answer.csrf;
      cursor = answer.cursor;
      await changed(await store.keepBundle(who, answer));
    }

    async function take(answer) {
      cursor = answer.cursor;
      await changed(await store.acknowledge(who, answer));
    }

    async function post(url, options) {
      if (!csrf) await fetchBundle();
      try {
        return await ask(url, options());
      } catch (error) {
        if (error.kind !== "token") throw error;
        await fetchBundle(); // logged in anew since: the old token is no longer good
        return ask(url, options());
      }
    }

    const packet = (entries) => ({
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        device,
        user: who.user,
        since: cursor,
        sent_at: new Date().toISOString(),
        entries: entries.map(({ id, target, field, value, base, at, settles }) => ({
          id, target, field, value, base, at, ...(settles ? { settles } : {}),
        })),
      }),
    });

    async function sendEntries() {
      for (;;) {
        if (!csrf) await fetchBundle();
        const { batch: entries, isRefused } = await store.nextBatch(who);
        if (isRefused) await changed();
        if (!entries.length) return;
        const answer = await post(urls.sync, () => packet(entries));
        await take(answer);
        const answered = new Set((answer.results || []).map((one) => one.id));
        if (!entries.some((one) => answered.has(one.id))) throw new Stopped("strange", WORDS.strange, true);
      }
    }

    // One that the server did not take is tried again when the person asks for it.
    async function sendPhotos(isPressed) {
      for (const { id, words } of (await store.photos(who)).filter(store.isUnsent)) {
        const bytes = (!words || isPressed) && (await store.photoBytes(id));
        if (!bytes) continue;
        const photo = await store.tryPhoto(id);
        const form = () => {
          const body = new FormData();
          for (const name of ["id", "target", "caption", "taken_at"]) body.append(name, photo[name]);
          body.append("user", who.user);
          body.append("image", new Blob([bytes], { type: "image/jpeg" }), `${photo.id}.jpg`);
          return { method: "POST", body };
        };
        try {
          await store.photoSent(who, id, await post(urls.photo, form));
        } catch (error) {
          if (error.kind !== "strange") throw error;
          await store.changePhoto(id, { words: error.words, tried: [] });
        }
        await changed();
      }
    }

    async function round(isPressed) {
      await sendEntries();
      await sendPhotos(isPressed);
      await sendEntries();
    }

    // One page of the device sends at a time. Says whether this one did.
    async function alone(run) {
      const alone = async (lock) => {
        if (lock) await run();
        return Boolean(lock);
      };
      return navigator.locks ? navigator.locks.request(`kcl-gui-${who.visit}`, { ifAvailable: true }, alone) : alone(true);
    }

    async function run(first, isPressed) {
      if (isRunning) {
        isWanted = true;
        return;
      }
      isRunning = true;
      clearTimeout(timer);
      tell({ kind: "sending" });
      try {
        const isDone = await alone(async () => {
          if (first) await fetchBundle();
          await round(isPressed);
        });
        failures = 0;
        if (isDone) {
          isClosed = false;
          tell({ kind: "sent" });
        } else {
          isWanted = false;
          timer = setTimeout(() => run(true, isPressed), TURN_MS); // and hear then what the other page has sent
        }
      } catch (error) {
        stopped(error instanceof Stopped ? error : new Stopped("full", WORDS.full, true));
        if (!(error instanceof Stopped) && error.name !== "QuotaExceededError") throw error;
      } finally {
        isRunning = false;
      }
      if (isWanted) {
        isWanted = false;
        if (!isClosed && !failures) run();
      }
    }

    function stopped(error) {
      if (error.kind === "closed" || error.kind === "gone" || error.kind === "other") isClosed = true;
      if (error.kind === "login" || error.kind === "other") csrf = "";
      tell({ kind: error.kind, words: error.words });
      if (!error.again) return;
      const wait = Math.min(WAIT_MOST_MS, Math.max(error.seconds * 1000, WAIT_MS * 2 ** failures));
      failures += 1;
      timer = setTimeout(() => run(), wait * (0.75 + Math.random() / 2));
    }

    // Others' words, while somebody looks at the page and nothing of our own is under way.
    async function look() {
      if (document.hidden || isRunning || isClosed || failures || !csrf || navigator.onLine === false) return;
      try {
        await take(await post(urls.sync, () => packet([])));
      } catch (error) {
        stopped(error);
      }
    }

    const again = () => {
      if (isClosed) return;
      failures = 0;
      run(true); // who is logged in here may be another by now
    };
    window.addEventListener("online", again);
    window.addEventListener("offline", () => tell({ kind: "offline", words: WORDS.offline }));
    document.addEventListener("visibilitychange", () => !document.hidden && again());
    setInterval(look, LOOK_MS);

    return {
      begin(name) {
        device = name;
        return run(true);
      },
      // Something was kept on the device: send it soon. After a failure the wait stands as it is.
      soon() {
        if (isClosed || failures) return;
        if (isRunning) {
          isWanted = true;
          return;
        }
        clearTimeout(timer);
        timer = setTimeout(() => run(), 400);
      },
      now() {
        isClosed = false;
        failures = 0;
        return run(true, true);
      },
    };
  }

  self.KCLSender = { sender, WORDS };
})();
