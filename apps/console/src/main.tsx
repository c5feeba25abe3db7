import "./styles/index.css";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { prepareFirstPage, router } from "./router.tsx";
import { dropLuggage } from "./session/luggage.ts";

const place = document.getElementById("root");
if (!place) throw new Error("index.html has no #root to draw the console in");

dropLuggage(location.pathname);
prepareFirstPage();
createRoot(place).render(
  <StrictMode>
    <RouterProvider router={router} />
  </StrictMode>,
);
