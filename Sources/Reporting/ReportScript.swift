/// The page's script: sorts and filters the table of series. Without it the page shows everything.
enum ReportScript {
    static let text = """
        (function(){"use strict";
        var table=document.getElementById("series-table");
        if(table){
          var body=table.tBodies[0],rows=Array.prototype.slice.call(body.rows);
          var tools=document.getElementById("series-tools"),words=document.getElementById("series-words");
          var modality=document.getElementById("series-modality"),shown=document.getElementById("series-shown");
          var chips=Array.prototype.slice.call(tools.querySelectorAll(".chip"));
          var texts=rows.map(function(row){return row.textContent.toLowerCase()});
          tools.hidden=false;
          var filter=function(){
            var wanted=words.value.toLowerCase().split(/\\s+/).filter(Boolean),on={},count=0;
            chips.forEach(function(chip){on[chip.dataset.decision]=chip.getAttribute("aria-pressed")==="true"});
            rows.forEach(function(row,i){
              var show=on[row.dataset.decision]!==false&&(!modality.value||row.dataset.modality===modality.value)&&
                wanted.every(function(word){return texts[i].indexOf(word)>=0});
              row.hidden=!show;if(show){count++}
            });
            shown.textContent=count+" of "+rows.length+" shown";
          };
          words.addEventListener("input",filter);modality.addEventListener("change",filter);
          chips.forEach(function(chip){chip.addEventListener("click",function(){
            chip.setAttribute("aria-pressed",chip.getAttribute("aria-pressed")==="true"?"false":"true");filter()})});
          var heads=Array.prototype.slice.call(table.tHead.rows[0].cells);
          heads.forEach(function(head,column){
            var button=head.querySelector("button");if(!button){return}
            button.addEventListener("click",function(){
              var up=head.getAttribute("aria-sort")!=="ascending",numeric=head.classList.contains("n");
              heads.forEach(function(other){other.removeAttribute("aria-sort")});
              head.setAttribute("aria-sort",up?"ascending":"descending");
              var key=function(row){var cell=row.cells[column];
                return numeric?Number(cell.textContent.replace(/,/g,"")):(cell.dataset.key||cell.textContent)};
              var keyed=rows.map(function(row,i){return{row:row,key:key(row),place:i}});
              keyed.sort(function(a,b){
                var order=numeric?a.key-b.key:a.key.localeCompare(b.key);
                return(up?order:-order)||a.place-b.place});
              var part=document.createDocumentFragment();
              keyed.forEach(function(entry){part.appendChild(entry.row)});
              body.appendChild(part);
            });
          });
          filter();
        }
        window.addEventListener("beforeprint",function(){
          document.querySelectorAll("details").forEach(function(part){part.open=true})});
        })();
        """
}
