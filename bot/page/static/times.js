"use strict";

// Says when things were by the reader's own clock; without a script it is UTC.

function tellTimes(root) {
  for (const time of root.querySelectorAll("time")) {
    time.textContent = new Date(time.dateTime).toLocaleString(
      document.documentElement.lang,
      { dateStyle: "medium", timeStyle: "short" },
    );
  }
}

tellTimes(document);
