import { Outlet } from "@tanstack/react-router";
import { useStepUpWanted } from "../session/step-up-request.ts";
import { late } from "../ui/frame/late.ts";
import { TooltipLayer } from "../ui/tooltip-layer.tsx";

const stepUp = late(() => import("../session/step-up.tsx"));

/** What stands over every page. */
export function Root() {
  const Wanted = stepUp.useModule(useStepUpWanted());
  return (
    <>
      <Outlet />
      {Wanted && <Wanted.StepUp />}
      <TooltipLayer />
    </>
  );
}
