// NextflowStub SCRIPT: runs a pipeline of Nextflow's DSL 2 as `dagcast convert --to nextflow` writes it, one task after the other.
// Of Nextflow it knows processes with one value in and out, and the operators of, combine, map and toList; anything else is an error.
import org.codehaus.groovy.control.CompilerConfiguration

class Channel {
    List values
    static Channel of(Object... items) {
        new Channel(values: items.collectMany { it instanceof Range ? it.toList() : [it] })
    }
    Channel toList() { new Channel(values: [values]) }
    Channel map(Closure c) { new Channel(values: values.collect { c.call(it) }) }
    Channel combine(Channel other) {
        new Channel(values: values.collectMany { a -> other.values.collect { b -> [a, b] } })
    }
}

class Task {                             // what a process is told, and what its closure may ask for
    def index, settings = [:]
    def task = [attempt: 1]
    def methodMissing(String name, Object args) { settings[name] = args[0] }
    def propertyMissing(String name) {
        if (name != 'index') throw new MissingPropertyException(name, Task)
    }
    def val(value) { value }
}

abstract class Pipeline extends Script {
    Map processes = [:], done = [:]
    def getNextflow() { [enable: [:]] }
    def process(definition) { processes[definition.name] = definition.body }
    def workflow(Closure body) {
        body.delegate = this
        body.call()
    }
    def propertyMissing(String name) {
        if (!done.containsKey(name)) throw new IllegalStateException("$name is asked for before it was called")
        [out: new Channel(values: done[name])]
    }
    def methodMissing(String name, Object args) {
        if (args.length != 1) throw new MissingMethodException(name, this.class, args)
        if (args[0] instanceof Closure) return [name: name, body: args[0]]
        if (!processes.containsKey(name)) throw new MissingMethodException(name, this.class, args)
        done[name] = args[0].values.collect { run(name, it) }
    }
    def run(String name, index) {
        def task = new Task(index: index), body = processes[name].clone()
        body.delegate = task
        body.resolveStrategy = Closure.DELEGATE_FIRST
        def script = body.call().toString()
        def shell = ['bash', '-ue', '-c', script].execute()
        def out = new StringBuilder(), err = new StringBuilder()
        shell.waitForProcessOutput(out, err)
        System.out.println "$name[$index] ${task.settings.findAll { it.key != 'tag' }.collect { k, v -> v instanceof Closure ? "$k=?" : "$k=$v" }.join(' ')} " +
                "exit=${shell.exitValue()}: ${(out.toString() + err).trim()}"
        index
    }
}

def configuration = new CompilerConfiguration(scriptBaseClass: Pipeline.name)
new GroovyShell(this.class.classLoader, new Binding(), configuration).evaluate(new File(args[0]))
