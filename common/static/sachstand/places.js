// Suggestions while an address is typed. Without this script the next page asks which known place is meant.
const list = document.querySelector("datalist[data-places]");
const field = list && document.querySelector(`input[list="${list.id}"]`);
let waiting;

async function suggest() {
  const answer = await fetch(`${list.dataset.places}?q=${encodeURIComponent(field.value)}`);
  if (!answer.ok) return;
  const { places } = await answer.json();
  list.replaceChildren(...places.map((place) => new Option(place, place)));
}

field?.addEventListener("input", () => {
  clearTimeout(waiting);
  if (field.value.trim().length > 2) waiting = setTimeout(suggest, 200);
});
