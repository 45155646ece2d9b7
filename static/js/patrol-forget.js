// Who comes to the login page has logged out or was never in: the pages the phone kept for an inspector go. What waits to
// be sent stays, marked with its owner, and is sent when that person logs in again.
if ("caches" in window) window.caches.delete("patrol-pages");
