import Platform

/// The controls of the share directory and of the user's own.
struct ControlRegistry: Sendable {
    /// Ordered by id; those with a problem too.
    let controls: [ControlDefinition]
    /// What is wrong with files, for the log: one line each.
    let problems: [String]

    init(_ controls: [ControlDefinition], problems: [String] = []) {
        self.controls = controls.sorted { $0.id < $1.id }
        self.problems = problems
    }

    /// Reads every `.sql` file of the directories. A file that breaks a rule becomes a control with a problem, named
    /// by the file; a second file with an id is left out.
    ///
    /// - Parameter directories: The shipped one first.
    static func load(_ directories: [String]) -> ControlRegistry {
        var controls: [String: ControlDefinition] = [:]
        var problems: [String] = []
        for directory in directories {
            let names: [String]
            do throws(FileError) {
                names = try Files.list(directory)
            } catch {
                problems.append("\(directory): \(error)")
                continue
            }
            for name in names where name.hasSuffix(".sql") && !name.hasPrefix(".") {
                let control = read(directory + "/" + name, name)
                if controls[control.id] != nil {
                    problems.append("\(directory)/\(name): another file has the id \(control.id) already")
                    continue
                }
                if let problem = control.problem { problems.append("\(directory)/\(problem)") }
                controls[control.id] = control
            }
        }
        return ControlRegistry(Array(controls.values), problems: problems)
    }

    func control(_ id: String) -> ControlDefinition? {
        controls.first { $0.id == id }
    }

    private static func read(_ path: String, _ name: String) -> ControlDefinition {
        let id = String(name.dropLast(4))
        do {
            let bytes = try Files.read(path, limitBytes: 256 << 10)
            return try ControlFile.definition(name: name, text: String(decoding: bytes, as: UTF8.self))
        } catch let error as ControlFileError {
            return ControlDefinition(id: id, problem: error.description)
        } catch {
            return ControlDefinition(id: id, problem: "\(name): \(error)")
        }
    }
}
