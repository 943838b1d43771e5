// Draws one bubble. Builds elements only, never HTML from text, so that no text can become markup.

const LINK_OR_BAR = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])|([▰▱]{3,})/;

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function theirs(message, { texts, current, going, onTap, onFile }) {
  const bubble = element("article", "bubble theirs");
  bubble.dataset.id = message.id;
  bubble.lang = message.lang;
  bubble.tabIndex = -1;
  if (message.title) bubble.append(words("h2", message.title));
  if (message.picture) bubble.append(figure(message.picture, texts));
  for (const text of message.text.split(/\n{2,}/).filter(Boolean)) bubble.append(words("p", text));
  if (message.document) {
    const file = element("p");
    file.append(link(message.document.url, message.document.name));
    bubble.append(file);
  }
  if (message.takes === "file" && current) bubble.append(attaching(texts, onFile));
  const rows = (message.buttons ?? []).map((row) => row.filter((button) => button.url || current));
  const ticks = rows.flat().filter(isTick).map((button) => button.tap);
  const listed = listedIn(message.text, rows.flat());
  const leaving = going.some((tap) => !ticks.includes(tap)); // ticks may follow each other; anything else is the last
  for (const row of rows.filter((kept) => kept.length)) bubble.append(buttons(row, { going, leaving, onTap, listed }));
  return bubble;
}

export function own(entry, { texts, state, onRetry }) {
  const bubble = element("article", "bubble own");
  bubble.dataset.id = entry.id;
  bubble.append(element("span", "aside", texts.you), words("p", entry.text));
  if (!state) return bubble;
  bubble.append(element("span", "delivery", texts[state]));
  if (state === "failed") bubble.append(plainButton(texts.again, onRetry));
  return bubble;
}

function attaching(texts, onFile) {
  const made = element("label", "attach", texts.attach);
  const input = element("input");
  input.type = "file";
  input.accept = "image/png,image/jpeg,application/pdf";
  const told = element("span", "delivery");
  told.setAttribute("role", "status");
  input.addEventListener("change", async () => {
    if (!input.files.length) return;
    input.disabled = true;
    told.textContent = texts.sending;
    const sent = await onFile(input.files[0]);
    told.textContent = sent ? "" : texts.unattached;
    input.disabled = false;
    input.value = "";
  });
  made.append(input, told);
  return made;
}

function words(name, text) {
  const made = element(name);
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

function figure(picture, texts) {
  const made = element("figure");
  if (!picture.src) made.append(element("figcaption", "", texts.picture + " " + picture.alt));
  else {
    const image = element("img");
    image.src = picture.src;
    image.alt = picture.alt;
    if (picture.width) image.width = picture.width; // known before it is decoded, so that nothing jumps
    if (picture.height) image.height = picture.height;
    made.append(image);
  }
  return made;
}

function buttons(row, tapping) {
  const kinds = row.every((button) => !button.number && !button.style) ? "row nav" : "row";
  const made = element("div", kinds);
  for (const button of row) {
    made.append(button.url ? link(button.url, button.label, "button") : tapButton(button, tapping));
  }
  return made;
}

// Numbers are shown where the text lists, line by line, what the buttons say in short.
function listedIn(text, all) {
  const numbers = new Set(all.map((button) => button.number));
  const lines = Array.from(text.matchAll(/^(\d+)\. /gm), (found) => Number(found[1]));
  const apart = new Set(lines).size === lines.length && lines.every((number) => numbers.has(number));
  return apart && !all.some(({ number, label }) => number && label.includes(number)) ? lines : [];
}

const isTick = (button) => typeof button.chosen === "boolean";

function tapButton(button, { going, leaving, onTap, listed }) {
  const mine = going.includes(button.tap);
  const made = plainButton(button.label, () => !leaving && !mine && onTap(button));
  if (button.style) made.classList.add(button.style);
  if (isTick(button)) made.setAttribute("aria-pressed", String(button.chosen !== mine)); // shown before it is known
  else if (mine) made.classList.add("going");
  if (leaving) made.setAttribute("aria-disabled", "true");
  if (listed.includes(button.number)) made.dataset.number = button.number;
  return made;
}

function plainButton(label, onClick) {
  const made = element("button", "", label);
  made.type = "button";
  // The second click of a double click would choose on the screen that the first one brought.
  made.addEventListener("click", (event) => event.detail < 2 && onClick());
  return made;
}
