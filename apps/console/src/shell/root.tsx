import { Outlet } from "@tanstack/react-router";
import { useSessionEnded } from "../session/regain.ts";
import { useStepUpWanted } from "../session/step-up-request.ts";
import { late } from "../ui/frame/late.ts";
import { TooltipLayer } from "../ui/tooltip-layer.tsx";
import { ConnectionBar } from "./connection-bar.tsx";

const sessionEnded = late(() => import("../session/session-ended.tsx"));
const stepUp = late(() => import("../session/step-up.tsx"));

/** What stands over every page. */
export function Root() {
  const Wanted = stepUp.useModule(useStepUpWanted());
  const Ended = sessionEnded.useModule(useSessionEnded());
  return (
    <>
      <ConnectionBar />
      <Outlet />
      {Ended && <Ended.SessionEnded />}
      {Wanted && <Wanted.StepUp />}
      <TooltipLayer />
    </>
  );
}
