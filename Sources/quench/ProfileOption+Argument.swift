public import ArgumentParser
public import HeaderDeidentification

/// Options go by their names in a policy on the command line as well.
extension ProfileOption: ExpressibleByArgument {}
