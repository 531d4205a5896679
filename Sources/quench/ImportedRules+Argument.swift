public import ArgumentParser
public import DeviceRules

extension ImportedRules.Form: ExpressibleByArgument {}
