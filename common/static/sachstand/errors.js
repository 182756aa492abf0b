// After a refused form the first thing to hear and see is what went wrong, and the title says so on load.
document.querySelector("[data-error-summary]")?.focus();
