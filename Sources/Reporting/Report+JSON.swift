internal import DICOMModel
internal import Ledger

extension Report {
    /// The `format` of `report.json`; documented in `docs/report.schema.json`.
    public static let jsonFormat = "quench-report-1"

    /// Written line by line: members of the report, then a line for each series and each instance.
    func writeJSON(to file: AtomicFile) throws {
        var json = JSONText()
        try json.object { json in
            json.member("format", Self.jsonFormat)
            json.member("headline", headline)
            json.member("proposal", content.options.isProposal)
            if let since = content.options.since { json.member("since", since) }
            if let project = content.options.project { json.member("project", project) }
            writeTotals(to: &json)
            writeNotChecked(to: &json)
            writeReasons(to: &json)
            writeHeader(to: &json)
            writeMethod(to: &json)
            json.key("series")
            json.array { json in
                for facts in content.series {
                    json.lineBreak()
                    Self.write(facts, to: &json)
                }
            }
            json.key("instances")
            try json.array { json in
                for facts in content.instances {
                    json.lineBreak()
                    Self.write(facts, to: &json)
                    if json.bytes.count > 1 << 18 { try file.append(json.takeBytes()) }
                }
            }
        }
        try file.append(json.takeBytes())
        try file.append("\n")
        try file.finish()
    }

    private func writeTotals(to json: inout JSONText) {
        let totals = content.totals
        json.key("totals")
        json.object { json in
            json.member("addUp", totals.addUp)
            json.member("nothingWasSkipped", totals.nothingWasSkipped)
            json.key("files")
            json.object { json in
                json.member("all", totals.files)
                for outcome in Outcome.allCases { json.member(outcome.rawValue, totals.filesByOutcome[outcome] ?? 0) }
                json.member("unfinished", totals.unfinishedFiles)
                json.member("withoutSeries", totals.filesWithoutSeries)
                json.member("countedByLastRun", totals.inputsOfLastRun)
            }
            json.key("series")
            json.object { json in
                json.member("all", totals.series)
                json.member("released", totals.releasedSeries)
                json.member("releasedOfWhichMasked", totals.maskedSeries)
                json.member("rejected", totals.rejectedSeries)
                json.member("quarantined", totals.heldSeries)
                json.member("mixed", totals.mixedSeries)
                json.member("unfinished", totals.unfinishedSeries)
            }
            json.key("frames")
            json.object { json in
                json.member("examined", totals.framesExamined)
                json.member("releasedButNotExamined", totals.unexaminedReleasedFrames)
            }
            json.key("findings")
            json.object { json in
                for (category, count) in zip(FindingCategory.allCases, content.findingCounts) {
                    json.member(category.rawValue, count)
                }
            }
        }
    }

    private func writeNotChecked(to json: inout JSONText) {
        json.key("notChecked")
        json.object { json in
            json.key("parts")
            json.object { json in
                for (code, extent) in content.notChecked.sorted(by: { $0.key < $1.key }) {
                    json.key(code.rawValue)
                    json.object { json in
                        json.member("files", extent.files)
                        json.member("series", extent.series)
                    }
                }
            }
            json.member("faces", "not assessed")
            json.key("smallestGlyphHeight")
            json.object { json in
                json.member("least", content.glyphHeights?.lowerBound)
                json.member("greatest", content.glyphHeights?.upperBound)
            }
        }
    }

    private func writeReasons(to json: inout JSONText) {
        json.key("reasons")
        json.object { json in
            for (code, counts) in content.reasons.sorted(by: { $0.key < $1.key }) {
                json.key(code.rawValue)
                json.object { json in
                    for outcome in Outcome.allCases where counts[outcome] != nil {
                        json.member(outcome.rawValue, counts[outcome])
                    }
                    json.member("sentence", content.explanation(code)?.sentence)
                    json.member("next", content.explanation(code)?.next)
                }
            }
        }
    }

    private func writeMethod(to json: inout JSONText) {
        json.key("ledger")
        json.object { json in
            json.member("events", content.chain.eventCount)
            json.member("head", content.chain.head?.hash)
            json.member("intact", content.chain.isIntact)
            json.member("firstProblem", content.chain.problem?.kind.rawValue)
            json.member("firstProblemAt", content.chain.problem?.sequence)
            writeReceipt(to: &json)
        }
        writeStages(to: &json)
        writeReview(to: &json)
        json.key("runs")
        json.array { json in
            for run in content.runs {
                json.lineBreak()
                json.object { json in
                    json.member("run", run.id)
                    json.member("started", run.startTime)
                    json.member("finished", run.finishTime)
                    json.member("interrupted", run.finished?.interrupted ?? true)
                    json.member("inputs", run.finished?.inputs)
                    Self.write("versions", run.started.versions, to: &json)
                    json.member("policyDigest", run.started.policyDigest)
                    json.member("policy", run.started.policy)
                    json.member("keyID", run.started.keyID)
                    Self.write("deidentification", run.started.deidentification, to: &json)
                    Self.write("terms", run.started.terms ?? [:], to: &json)
                }
            }
        }
    }

    private func writeReceipt(to json: inout JSONText) {
        json.key("receipt")
        guard let receipt = content.receipt else { return json.value(nil as String?) }
        json.object { json in
            json.member("ledger", receipt.ledger)
            json.member("events", receipt.events)
            json.member("head", receipt.head)
            json.member("time", receipt.time)
            json.member("publicKey", receipt.publicKey)
            json.member("signature", receipt.signature)
        }
    }

    private func writeStages(to json: inout JSONText) {
        json.key("milliseconds")
        json.object { json in
            json.member("inspecting", content.stages.inspecting)
            json.member("redacting", content.stages.redacting)
            json.member("verifying", content.stages.verifying)
        }
    }

    private func writeReview(to json: inout JSONText) {
        json.key("review")
        json.object { json in
            for state in ReviewState.allCases { json.member(state.rawValue, content.reviewStates[state] ?? 0) }
        }
        json.key("looks")
        json.array { json in
            for activity in content.activities {
                json.lineBreak()
                activity.write(to: &json)
            }
        }
        json.key("samples")
        json.array { json in
            for sample in content.samples {
                json.lineBreak()
                json.object { json in
                    json.member("number", sample.number)
                    json.member("time", sample.time)
                    json.member("seed", sample.sampled.seed)
                    json.member("isSeedGiven", sample.sampled.isSeedGiven)
                    json.member("population", sample.sampled.population)
                    json.member("size", sample.sampled.instances.count)
                    json.member("judged", sample.judged)
                    json.member("identifying", sample.identifying)
                    json.member("judges", sample.judges.sorted())
                    json.member("changedVerdicts", sample.changedVerdicts.count)
                    json.key("upperBound")
                    json.value(sample.upperBound)
                }
            }
        }
    }

    private static func write(_ name: String, _ table: [String: String], to json: inout JSONText) {
        json.key(name)
        json.object { json in
            for (key, value) in table.sorted(by: { $0.key < $1.key }) { json.member(key, value) }
        }
    }

    private static func write(_ facts: SeriesFacts, to json: inout JSONText) {
        json.object { json in
            json.member("patient", facts.patient)
            json.member("study", facts.study)
            json.member("series", facts.series)
            json.member("modality", facts.modality)
            json.member("seriesKind", facts.kind)
            json.member("manufacturer", facts.manufacturer)
            json.member("model", facts.model)
            json.member("instances", facts.instanceCount)
            json.member("framesExamined", facts.framesExamined)
            json.member("decision", facts.decision.rawValue)
            json.member("reasons", facts.reasons.sorted().map(\.rawValue))
        }
    }

    private static func write(_ facts: InstanceFacts, to json: inout JSONText) {
        let summary = facts.summary
        json.object { json in
            json.member("sourceSHA256", facts.record.received?.sourceSHA256)
            json.member("patient", summary?.patient)
            json.member("study", summary?.study)
            json.member("series", summary?.series)
            json.member("instance", summary?.instance)
            json.member("modality", summary?.modality)
            json.member("sopClass", summary?.sopClassUID)
            json.member("transferSyntaxIn", summary?.transferSyntaxUID)
            json.member("transferSyntaxOut", facts.transferSyntaxOut)
            json.member("rows", summary?.rows)
            json.member("columns", summary?.columns)
            json.member("frames", summary?.numberOfFrames)
            json.member("framesExamined", facts.framesExamined)
            json.member("decision", facts.decision?.rawValue)
            json.member("reasons", facts.reasons.map(\.rawValue))
            json.member("notChecked", (facts.record.inspected?.notChecked ?? []).map(\.rawValue))
            json.member("smallestGlyphHeight", facts.record.inspected?.smallestGlyphHeight)
            json.key("findings")
            json.array { json in
                for finding in facts.record.inspected?.findings ?? [] { write(finding, to: &json) }
            }
            json.key("regions")
            json.array { json in
                for region in facts.regions { region.write(to: &json) }
            }
            json.member("changes", facts.record.redacted?.changes ?? [])
            json.member("pixelBytesIn", facts.record.redacted?.pixelBytesIn)
            json.member("pixelBytesOut", facts.record.redacted?.pixelBytesOut)
            json.member("checksPassed", facts.record.verified?.passed ?? [])
            json.member("checksFailed", (facts.record.verified?.failed ?? []).map(\.rawValue))
            json.member("releasedPath", facts.releasedPath)
        }
    }

    private static func write(_ finding: Finding, to json: inout JSONText) {
        json.object { json in
            json.key("frames")
            json.array { json in
                for frame in finding.frames { json.value(frame.value) }
            }
            json.member("x", finding.region.x)
            json.member("y", finding.region.y)
            json.member("width", finding.region.width)
            json.member("height", finding.region.height)
            json.member("category", finding.category.rawValue)
            json.member("source", finding.source.rawValue)
            json.member("rules", finding.rules)
            json.member("engine", finding.engine)
            json.key("score")
            json.value(finding.score)
        }
    }
}
