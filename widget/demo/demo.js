// The example page shows the tag with the address that it came from itself.
const tag = document.getElementById("tag");
tag.textContent = tag.textContent.replace("https://HOST/chat/", new URL(".", document.currentScript.src).href);

document.getElementById("copy").addEventListener("click", async () => {
  const copied = document.getElementById("copied");
  try {
    await navigator.clipboard.writeText(tag.textContent);
    copied.textContent = "Gekopieerd.";
  } catch {
    copied.textContent = "Kopiëren lukt hier niet. Selecteer de regel zelf.";
  }
});
