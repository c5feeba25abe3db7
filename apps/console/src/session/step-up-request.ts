import { personRequest } from "./request.ts";

const request = personRequest();

/** Asks the person to prove again who they are; false when they gave up. */
export const askStepUp = request.ask;
export const answerStepUp = request.answer;
export const useStepUpWanted = request.useAsked;
