{% load static %}/* The service worker of visits. The names of its parts change with their content, so a new release is a new worker. */
"use strict";

self.KCL = {
  // What a kept page looks better with; its text does not name them.
  files: ["{% static "fonts/Tinos-Regular.woff2" %}", "{% static "fonts/Tinos-Bold.woff2" %}"],
  // The plain page of what is kept on this device.
  kept: {
    icon: "{% static "icon.svg" %}",
    css: ["{% static "bootstrap/css/bootstrap.min.css" %}", "{% static "css/theme.css" %}"],
    js: ["{% static "js/visit-store.js" %}", "{% static "js/visit-kept.js" %}"],
  },
};
importScripts("{% static "js/visit-store.js" %}", "{% static "js/visit-worker.js" %}");
