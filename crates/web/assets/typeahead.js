// @ts-check
/**
 * Suggestions under a search box: an enhancement of a form that works without it. It follows the combobox pattern of
 * WAI-ARIA: focus stays in the box, arrows choose, Enter opens, Escape closes. Nothing is remembered or sent elsewhere.
 */

/** @typedef {{uscc: string, name: string, status: string, registered: boolean, area: string}} Organisation */

const FEWEST_CHARACTERS = 2;
const MOST_SUGGESTIONS = 8;
const PAUSE_MS = 150;

/** @param {string} query @param {AbortSignal} signal @returns {Promise<Organisation[]>} */
async function find(query, signal) {
  const asked = new URLSearchParams({ q: query, limit: String(MOST_SUGGESTIONS) });
  const answer = await fetch(`/api/v1/organisations?${asked}`, { signal, headers: { accept: "application/json" } });
  return answer.ok ? (await answer.json()).items : [];
}

/** @param {string} tag @param {string} className @param {string} text */
function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** @param {HTMLInputElement} input */
function enhance(input) {
  const box = input.parentElement;
  if (!box) return;
  const list = element("ul", "suggest-list", "");
  list.id = `${input.id}-suggestions`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "匹配的主体");
  const told = element("p", "hidden", "");
  told.setAttribute("role", "status");
  box.append(list, told);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  /** @type {Organisation[]} */
  let items = [];
  let chosen = -1;
  let pause = 0;
  let asking = new AbortController();

  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  /** @param {number} index */
  function choose(index) {
    chosen = index;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    const option = list.children[chosen];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  /** @param {Organisation} item */
  function open(item) {
    location.assign(`/organisations/${encodeURIComponent(item.uscc)}`);
  }

  function show() {
    list.replaceChildren(
      ...items.map((item, at) => {
        const option = element("li", "suggest-option", "");
        option.id = `${list.id}-${at}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const status = item.registered ? item.status : "未登记";
        const more = [item.uscc, status, item.area].filter(Boolean).join(" · ");
        option.append(element("span", "suggest-name", item.name), element("span", "suggest-more", more));
        // Before the box loses focus, which would close the list.
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => open(item));
        return option;
      }),
    );
    told.textContent = items.length ? `有${items.length}个建议，用上下箭头选择` : "没有建议";
    chosen = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = items.length === 0;
    input.setAttribute("aria-expanded", String(items.length > 0));
  }

  async function ask() {
    const query = input.value.trim();
    asking.abort();
    if ([...query].length < FEWEST_CHARACTERS) {
      close();
      return;
    }
    const mine = (asking = new AbortController());
    try {
      const found = await find(query, mine.signal);
      if (!mine.signal.aborted && document.activeElement === input) {
        items = found;
        show();
      }
    } catch (error) {
      // An older question was given up, or the network is gone: the form itself still works.
      if (!mine.signal.aborted) close();
    }
  }

  input.addEventListener("input", (event) => {
    // While a Chinese input method is composing, the letters in the box are not the question.
    if (/** @type {InputEvent} */ (event).isComposing) return;
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("blur", () => {
    clearTimeout(pause);
    asking.abort();
    close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const last = items.length - 1;
    const item = items[chosen];
    if (event.key === "ArrowDown") choose(chosen >= last ? 0 : chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen <= 0 ? last : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && item) open(item);
    else return;
    event.preventDefault();
  });
}

for (const input of document.querySelectorAll("input[data-typeahead]")) {
  if (input instanceof HTMLInputElement) enhance(input);
}
