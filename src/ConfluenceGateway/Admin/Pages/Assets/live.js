// What the management pages do with a script, and do without when there is none: they follow what happens while somebody
// looks, and copy blocks of text.
"use strict";

(() => {
  const main = document.querySelector("main");
  const status = document.querySelector(".live");
  const source = main?.dataset.live;

  // --- Copy buttons: <button data-copy hidden> beside the text to copy.

  const showCopyButtons = () => main?.querySelectorAll("button[data-copy]").forEach(button => { button.hidden = false; });

  document.addEventListener("click", async event => {
    const button = event.target.closest?.("button[data-copy]");
    const text = button?.parentElement.querySelector("pre, code");
    if (!text) {
      return;
    }

    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch {
      // Without https there is no clipboard: the text is selected, and the keyboard copies it.
      getSelection().selectAllChildren(text);
      button.textContent = "Selected";
    }

    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });

  showCopyButtons();

  // --- Following: at each message the page is asked for again, and the content of <main> is exchanged.

  if (!source) {
    return;
  }

  const retryAfter = 10_000;
  const fieldsSelector = "input:not([type=hidden]), select, textarea";
  let stream = null;
  let wasLost = false;
  let refreshing = false;
  let wanted = false;
  let pressed = false;

  const say = text => { status.textContent = text; };
  const isEdited = field => field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
    : field.options ? [...field.options].some(option => option.selected !== option.defaultSelected)
    : field.value !== field.defaultValue;
  const isBusy = () => pressed || main.contains(document.activeElement) && document.activeElement.matches(fieldsSelector) && isEdited(document.activeElement);

  // An element is found again by its id, else by what it is and its place among its like.
  const like = element => element.id ? `#${CSS.escape(element.id)}`
    : element.name ? `${element.localName}[name="${CSS.escape(element.name)}"]`
    : element.getAttribute("href") ? `${element.localName}[href="${CSS.escape(element.getAttribute("href"))}"]`
    : element.localName;
  const place = element => ({ selector: like(element), index: [...main.querySelectorAll(like(element))].indexOf(element) });
  const at = ({ selector, index }) => main.querySelectorAll(selector)[index];

  const restore = (field, old) => {
    if (!field) {
      return;
    }

    if (old.type === "checkbox" || old.type === "radio") {
      field.checked = old.checked;
    } else if (old.options) {
      [...field.options].forEach(option => { option.selected = [...old.selectedOptions].some(chosen => chosen.value === option.value); });
    } else if (old.type !== "file") {
      field.value = old.value;
    }
  };

  const swap = next => {
    const focused = main.contains(document.activeElement) ? place(document.activeElement) : null;
    const edited = [...main.querySelectorAll(fieldsSelector)].filter(isEdited).map(field => ({ field, where: place(field) }));
    // A form that somebody fills in goes on saying which revision they saw.
    const seen = [...new Set(edited.map(({ field }) => field.form))].flatMap(form => [...form?.querySelectorAll("input[type=hidden]") ?? []])
      .map(field => ({ value: field.value, where: place(field) }));
    const open = [...main.querySelectorAll("details")].map(details => ({ isOpen: details.open, where: place(details) }));
    const [left, top] = [scrollX, scrollY];

    main.replaceChildren(...document.adoptNode(next.querySelector("main")).childNodes);
    document.title = next.title;
    edited.forEach(({ field, where }) => restore(at(where), field));
    seen.forEach(({ value, where }) => { const field = at(where); if (field) { field.value = value; } });
    open.forEach(({ isOpen, where }) => { const details = at(where); if (details) { details.open = isOpen; } });
    showCopyButtons();
    if (focused) {
      at(focused)?.focus({ preventScroll: true });
    }

    scrollTo({ left, top, behavior: "instant" });
  };

  const refresh = async () => {
    wanted = true;
    // A file that was chosen cannot be chosen again by a script.
    if (refreshing || document.hidden || isBusy() || [...main.querySelectorAll("input[type=file]")].some(file => file.value)) {
      return;
    }

    refreshing = true;
    try {
      while (wanted && !isBusy()) {
        wanted = false;
        const answer = await fetch(location.href, { credentials: "same-origin", redirect: "manual", headers: { Accept: "text/html" } });
        if (answer.type === "opaqueredirect") {
          close();
          say("You are signed out. Reload the page.");
          return;
        }

        if (answer.ok || answer.status === 404) {
          const next = new DOMParser().parseFromString(await answer.text(), "text/html");
          // Somebody may have begun to write while the answer was under way.
          if (isBusy()) {
            wanted = true;
          } else if (next.querySelector("main")) {
            swap(next);
          }
        }
      }
    } catch {
      // The stream tells of a lost connection, and of the next one.
      wanted = true;
    } finally {
      refreshing = false;
    }
  };

  const close = () => {
    stream?.close();
    stream = null;
  };

  const listen = () => {
    if (stream || document.hidden) {
      return;
    }

    const current = stream = new EventSource(source);
    stream.onopen = () => {
      if (wasLost) {
        wasLost = false;
        say("Connected again.");
        setTimeout(() => { if (!wasLost) { say(""); } }, 4000);
      }

      // Something may have changed since the page was made.
      refresh();
    };
    stream.onmessage = refresh;
    stream.onerror = () => {
      wasLost = true;
      say("Connection lost. Trying again\u2026");
      // A stream that was refused is not tried again by the browser.
      if (current.readyState === EventSource.CLOSED && current === stream) {
        stream = null;
        setTimeout(() => { wanted = true; refresh(); listen(); }, retryAfter);
      }
    };
  };

  // A page in the background holds no connection: browsers allow a host only a few.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      close();
    } else {
      listen();
      refresh();
    }
  });

  const catchUp = () => { setTimeout(() => { if (wanted) { refresh(); } }, 0); };
  main.addEventListener("focusout", catchUp);
  // A button that is exchanged under the finger is not pressed.
  document.addEventListener("pointerdown", () => { pressed = true; });
  ["pointerup", "pointercancel", "dragend"].forEach(end => document.addEventListener(end, () => { pressed = false; catchUp(); }));
  listen();
})();
