import "@angular/compiler";
import { Component, CUSTOM_ELEMENTS_SCHEMA, ElementRef, inject, provideZonelessChangeDetection, signal } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";

class Shop {
  order = signal(1);
  heard = signal(0);
  // A template takes what stands before a colon for the target of an event: so this one is heard by hand.
  constructor() { inject(ElementRef).nativeElement.addEventListener("afterword:answered", () => this.hear()); }
  next() { this.order.update((order) => order + 1); }
  hear() { this.heard.update((count) => count + 1); }
}

const Root = Component({
  selector: "#root",
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `<main>
    <button (click)="next()">next</button><output>{{ heard() }}</output>
    <afterword-survey [attr.token]="'nps.' + order()" mode="popover"></afterword-survey>
  </main>`,
})(Shop) ?? Shop;

bootstrapApplication(Root, { providers: [provideZonelessChangeDetection()] });
