import { judgeLooks } from "./looks.ts";

judgeLooks("light");
