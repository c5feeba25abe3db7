import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from "@tanstack/react-router";
import { NotFound } from "./pages/not-found.tsx";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const parts = createRoute({
  getParentRoute: () => root,
  path: "/parts",
  validateSearch: (search): { q?: string } => (typeof search["q"] === "string" ? { q: search["q"] } : {}),
  component: lazyRouteComponent(() => import("./pages/parts/parts.tsx"), "Parts"),
});

/** Every address of the console. Search parameters are typed: the view of a page stands in its address. */
export const router = createRouter({
  routeTree: root.addChildren([parts]),
  basepath: "/console",
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
