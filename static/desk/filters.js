/* On a narrow screen the list comes first: its filters start folded. */

const filters = document.querySelector("details.filters");
if (filters && matchMedia("(max-width: 767px)").matches) filters.open = false;
