import "./styles/index.css";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { router } from "./router.tsx";
import { preloadFrame } from "./ui/frame/frame.tsx";

const place = document.getElementById("root");
if (!place) throw new Error("index.html has no #root to draw the console in");

createRoot(place).render(
  <StrictMode>
    <RouterProvider router={router} />
  </StrictMode>,
);

// What opens on a key should be here before the key; after the page itself.
requestIdleCallback(preloadFrame);
