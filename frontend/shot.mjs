import { chromium } from "playwright-core"; import fs from "node:fs";
const b = await chromium.launch({executablePath:"/usr/bin/chromium",args:["--no-sandbox","--disable-gpu"]});
const base="http://127.0.0.1:8099"; const spec=fs.readFileSync("/tmp/spec.html","utf8");
for (const [n,vw,vh] of [["d",1280,900],["m",390,844]]) {
 const c=await b.newContext({viewport:{width:vw,height:vh}}); const p=await c.newPage(); p.on("console",m=>console.log(n,m.text()));
 await p.route("**/spec",r=>r.fulfill({body:spec,contentType:"text/html; charset=utf-8"}));
 for (const [k,u] of [["home","/"],["search","/search?q=%E4%BA%91%E6%B5%B7"],["empty","/search?q=91379900MA0T00012X"],["404","/organisations/x"],["design","/design"],["org","/spec"]]) {
  await p.goto(base+u); await p.screenshot({path:`/tmp/shot-${k}-${n}.png`,fullPage:true});
  const over=await p.evaluate(()=>document.documentElement.scrollWidth>innerWidth); if(over) console.log("overflow",k,n);
 }
 await p.goto(base+"/"); await p.locator("#q").pressSequentially("云海"); await p.waitForTimeout(600); await p.keyboard.press("ArrowDown"); await p.screenshot({path:`/tmp/shot-type-${n}.png`});
}
await b.close();
