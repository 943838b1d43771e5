// The field to write in. Nothing written is ever cut, and nothing is lost by a reload.

const LONGEST = 4000;
const form = document.getElementById("compose");
const field = document.getElementById("words");
const length = document.getElementById("length");

export function compose({ draft, onDraft, onSay }) {
  function write(text) {
    field.value = text;
    fit();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    write("");
    onDraft("");
    onSay(text);
  });

  field.addEventListener("keydown", (event) => {
    // Telex and VNI keyboards compose letters; their Enter ends a word and must not send it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });

  field.addEventListener("input", () => {
    fit();
    onDraft(field.value);
  });

  write(draft);
}

export function label(words) {
  field.placeholder = words.placeholder;
  form.querySelector("label").textContent = words.write;
  form.querySelector("button").textContent = words.send;
}

function fit() {
  field.style.height = "auto";
  field.style.height = Math.min(field.scrollHeight + 3, 160) + "px";
  const letters = [...field.value].length;
  length.textContent = letters > LONGEST - 400 ? `${letters} / ${LONGEST}` : "";
  length.classList.toggle("over", letters > LONGEST);
}
