// Draws one bubble. Builds elements only, never HTML from text, so that no text can become markup.

const LINK_OR_BAR = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])|([▰▱]{3,})/;

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function theirs(message, { words, current, busy, onTap }) {
  const bubble = element("article", "bubble theirs");
  bubble.dataset.id = message.id;
  bubble.lang = message.lang;
  bubble.tabIndex = -1;
  if (message.title) bubble.append(element("h2", "", message.title));
  for (const text of message.text.split(/\n{2,}/)) bubble.append(paragraph(text));
  if (message.picture) bubble.append(figure(message.picture, words));
  const rows = (message.buttons ?? []).map((row) => row.filter((button) => button.url || current));
  for (const row of rows.filter((kept) => kept.length)) bubble.append(buttons(row, busy, onTap));
  return bubble;
}

export function own(entry, { words, state, onRetry }) {
  const bubble = element("article", "bubble own");
  bubble.dataset.id = entry.id;
  bubble.append(element("span", "aside", words.you), paragraph(entry.text));
  if (!state) return bubble;
  bubble.append(element("span", "delivery", words[state]));
  if (state === "failed") bubble.append(plainButton(words.again, onRetry));
  return bubble;
}

function paragraph(text) {
  const made = element("p");
  for (const part of text.split(LINK_OR_BAR).filter(Boolean)) {
    if (/^[▰▱]{3,}$/.test(part)) made.append(bar(part));
    else if (/^https?:\/\/./.test(part)) made.append(link(part, part));
    else made.append(part);
  }
  return made;
}

function bar(cells) {
  const made = element("span", "bar", cells); // a screen reader would name every cell; the words beside it say the same
  made.setAttribute("aria-hidden", "true");
  return made;
}

function link(url, label, className = "") {
  const made = element("a", className, label);
  made.href = url;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  return made;
}

function figure(picture, words) {
  const made = element("figure");
  if (!picture.src) made.append(element("figcaption", "", words.picture + " " + picture.alt));
  else {
    const image = element("img");
    image.src = picture.src;
    image.alt = picture.alt;
    image.width = picture.width; // known before it is decoded, so that nothing jumps
    image.height = picture.height;
    made.append(image);
  }
  return made;
}

function buttons(row, busy, onTap) {
  const kinds = row.every((button) => !button.number && !button.style) ? "row nav" : "row";
  const made = element("div", kinds);
  for (const button of row) {
    made.append(button.url ? link(button.url, button.label, "button") : tapButton(button, busy, onTap));
  }
  return made;
}

function tapButton(button, busy, onTap) {
  const made = plainButton(button.label, () => busy === undefined && onTap(button));
  if (button.style) made.classList.add(button.style);
  if (typeof button.chosen === "boolean") made.setAttribute("aria-pressed", String(button.chosen));
  if (busy !== undefined) made.setAttribute("aria-disabled", "true");
  if (busy === button.tap) made.classList.add("going");
  return made;
}

function plainButton(label, onClick) {
  const made = element("button", "", label);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}
