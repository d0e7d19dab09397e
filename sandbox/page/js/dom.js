// Small helpers to build and reconcile elements. Text is always set as text, never as HTML.

/** An element with properties (`class`, `data-*`, `aria-*`, `on…` or plain ones) and children. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'class') element.className = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.includes('-') && name !== 'list') element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

export const $ = (selector, root = document) => root.querySelector(selector);

/** Puts `nodes` into `parent` in this order, moving only those that are out of place: the rest keep focus and scroll. */
export function reconcile(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const node of nodes) {
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
  }
}

/** Runs `task` soon, and once for many calls within `ms`. */
export function soon(task, ms) {
  let timer;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      task();
    }, ms);
  };
}

export const calm = matchMedia('(prefers-reduced-motion: reduce)');
