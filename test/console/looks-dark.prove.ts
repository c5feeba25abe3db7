import { judgeLooks } from "./looks.ts";

judgeLooks("dark");
