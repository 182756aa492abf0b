// What stands at the side on a wide screen comes last on a phone and is folded there. Without JavaScript it stays open.
const narrow = matchMedia("(max-width: 61.99rem)");
const fold = () => {
  for (const side of document.querySelectorAll("details[data-fold]")) side.open = !narrow.matches;
};
narrow.addEventListener("change", fold);
fold();
